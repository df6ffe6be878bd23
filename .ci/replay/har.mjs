// Reads HAR files by their published schema. usage: har.mjs FILE…
import {readFileSync} from 'node:fs';
import {har} from 'har-validator';

for (const file of process.argv.slice(2)) {
  const archive = JSON.parse(readFileSync(file, 'utf8'));
  await har(archive).catch((error) => {
    console.error(file, JSON.stringify(error.errors ?? String(error)).slice(0, 2000));
    process.exit(1);
  });
  const {entries} = archive.log;
  for (const e of entries) new URL(e.request.url), new Date(e.startedDateTime).toISOString();
  console.log(`${file}: ${entries.length} entries`);
}
