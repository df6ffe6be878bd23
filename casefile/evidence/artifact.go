package evidence

// The artifacts of exhibits that are no captures. The names of a capture's are those of package capture.
const (
	AddressesJSONL = "addresses.jsonl" // of a list: what was found, one intake.Row a line
	CluesJSONL     = "clues.jsonl"     // of a list: one intake.Clue a line
	SkippedJSONL   = "skipped.jsonl"   // of a list: one intake.Skipped a line, with its reason
	IntakeJSON     = "intake.json"     // of a list: intake.Report
	ComparisonJSON = "comparison.json" // of a comparison
	CrawlJSON      = "crawl.json"      // of a crawl: crawl.Tree
	SessionJSON    = "sitting.json"    // of a session: capture.SittingResult
)
