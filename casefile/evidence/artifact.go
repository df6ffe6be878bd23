package evidence

// The fixed names of the artifacts of a capture (METHOD.md of package capture says what each holds). Downloads lie under "downloads/", icons under
// "icons/".
const (
	Screenshot    = "screenshot.png"
	ViewportShot  = "viewport.png"
	PagePDF       = "page.pdf"
	PageMHTML     = "page.mhtml"
	SourceHTML    = "source.html"
	DOMHTML       = "dom.html"
	TextTXT       = "text.txt"
	ArchiveWACZ   = "archive.wacz"
	NetworkHAR    = "network.har"
	ConsoleJSONL  = "console.jsonl"
	FactsJSON     = "facts.json"
	Certificates  = "certificates.pem"
	CookiesJSON   = "cookies.json"
	ActionsJSONL  = "actions.jsonl" // one Act a line
	NetLogJSON    = "netlog.json"   // only where it was asked for
	CaptureJSON   = "capture.json"
	DownloadsPath = "downloads/"
	IconsPath     = "icons/"
)

// The artifacts of exhibits that are no captures.
const (
	AddressesJSONL = "addresses.jsonl" // of a list: what was found, one intake.Row a line
	CluesJSONL     = "clues.jsonl"     // of a list: one intake.Clue a line
	SkippedJSONL   = "skipped.jsonl"   // of a list: one intake.Skipped a line, with its reason
	IntakeJSON     = "intake.json"     // of a list: intake.Report
	ComparisonJSON = "comparison.json" // of a comparison
	CrawlJSON      = "crawl.json"      // of a crawl: crawl.Tree
	SessionJSON    = "sitting.json"    // of a session: SessionSummary
	ExecutionJSON  = "execution.json"  // of a check of execution: ExecutionReport
	AnswersJSONL   = "answers.jsonl"   // of a check of execution: one ResolverAnswer a line
	RedactionJSON  = "redaction.json"  // of a redacted copy: Redaction
)
