// The files that list the targets: the table as data and as a sheet, the list and the zone for execution. They list the same names with the same scopes.
const scopes = { exact: false, subdomains: true, "僅本名": false, "含子網域": true };
const listFiles = [["data/02_附表一_扣押標的.json", tableNames], ["data/02_附表一_扣押標的.csv", sheetNames], ["data/06_執行/domains.csv", sheetNames], ["data/06_執行/rpz.zone", zoneNames]];

function addName(names, name, scope) {
  if (!name || names.has(name) || !Object.hasOwn(scopes, scope)) throw new Error("target");
  names.set(name, scopes[scope]);
}

function tableNames(body) {
  const whole = JSON.parse(body), names = new Map();
  for (const t of Array.isArray(whole) ? whole : whole.targets || []) addName(names, t.name, t.scope);
  return names;
}

// sheetRows reads a CSV (RFC 4180).
function sheetRows(body) {
  const rows = [[]];
  for (const [, quoted, bare, end] of body.replace(/^\ufeff/, "").matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows[rows.length - 1].push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1 || row[0]);
}

function sheetNames(body) {
  const [heads, ...rows] = sheetRows(body), column = (word) => heads.findIndex((h) => h.includes(word)), names = new Map();
  const name = column("ASCII") < 0 ? column("網域名稱") : column("ASCII"), scope = column("範圍");
  if (name < 0 || scope < 0) throw new Error("headings");
  for (const row of rows) addName(names, row[name], row[scope]);
  return names;
}

// zoneNames reads the zone as it is written here: one record a line, a wildcard after its name.
function zoneNames(body) {
  const names = new Map();
  for (const row of body.split("\n")) {
    const fields = row.split(/\s+/).filter(Boolean);
    if (fields.length === 0 || row[0] === ";" || fields[0] === "$TTL" || fields[0] === "@") continue;
    const wild = fields[0].startsWith("*."), name = wild ? fields[0].slice(2) : fields[0];
    if (fields.length !== 4 || fields[1] !== "IN" || /^\s/.test(row) || (wild && !names.has(name))) throw new Error("record");
    names.set(name, names.get(name) || wild);
  }
  return names;
}

const covered = (names, name) => name.split(".").some((_, i, parts) => i > 0 && names.get(parts.slice(i).join(".")));
const sameNames = (a, b) => a.size === b.size && [...a].every(([name, sub]) => b.has(name) && b.get(name) === sub);
const stopsAll = (zone, list) => [...zone].every(([name, sub]) => list.has(name) && list.get(name) === sub) && [...list.keys()].every((name) => zone.has(name) || covered(zone, name));
const written = (names) => [...names].sort().map(([name, sub]) => name + (sub ? " (+)" : "")).join(", ");

// targets holds the lists against the first of them. The zone may leave out a name that lies below one with sub-domains.
async function targets(r) {
  let first = null, firstPath = "";
  for (const [path, read] of listFiles) {
    if (!r.bag.has(path)) continue;
    let names;
    try { names = read(plain.decode(await r.bag.get(path).arrayBuffer())); } catch { r.problems.push({ code: "e.targets", file: path }); continue; }
    if (!first) { first = names; firstPath = path; continue; }
    if (read === zoneNames ? !stopsAll(names, first) : !sameNames(first, names)) r.problems.push({ code: "e.targets", file: path, want: written(first), got: written(names), by: [firstPath] });
  }
}
