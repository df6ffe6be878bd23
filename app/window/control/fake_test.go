package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"yuzheng/app/window/page"
	"yuzheng/capture"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/custody"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/packet"
	"yuzheng/casefile/redact"
	"yuzheng/casefile/sign"
)

// Sit opens nothing.
func (c *fakeCase) Sit(_ context.Context, n page.NewSession) (page.Held, error) {
	if n.Login == "gone" {
		return nil, capture.ErrNoDisplay
	}
	h := &fakeHeld{c: c, told: n.Told, done: make(chan struct{})}
	n.Told(evidence.Act{At: now(), Actor: evidence.ByTool, Action: "navigate", Detail: n.Request.URL})
	return h, nil
}

// Logins gives one.
func (c *fakeCase) Logins() []casefile.LoginInfo {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.logins)
}

// RemoveLogin forgets all.
func (c *fakeCase) RemoveLogin(context.Context, string, string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logins = nil
	return nil
}

// fakeHeld is a session without a browser.
type fakeHeld struct {
	c    *fakeCase
	told func(evidence.Act)
	done chan struct{}
}

func (h *fakeHeld) Capture(_ context.Context, p capture.Progress) (page.Exhibit, error) {
	p.Step(capture.StepPicture, 1, 2)
	h.told(evidence.Act{At: now(), Actor: evidence.ByPerson, Action: "click", Detail: "加入群組"})
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	e := page.Exhibit{Number: fmt.Sprintf("W%04d", len(h.c.list)+1), Kind: evidence.Capture, Summary: evidence.Summary{Title: "會員專區", Verdict: evidence.Complete}}
	h.c.list = append(h.c.list, e)
	return e, nil
}

func (h *fakeHeld) Done() <-chan struct{}               { return h.done }
func (h *fakeHeld) End(context.Context) (string, error) { return "W0099", nil }

var errWrongKey = errors.New("wrong key")

const goodPassphrase = "correct horse battery staple 7"

// fakeBench makes cases that live in memory.
type fakeBench struct {
	made  *fakeCase
	mu    sync.Mutex
	known []packet.KnownKey
}

// Know implements Bench.
func (b *fakeBench) Know(_ context.Context, k packet.KnownKey) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known = append(b.known, k)
	return nil
}

// knows gives the keys that were added.
func (b *fakeBench) knows() []packet.KnownKey {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.known)
}

func (b *fakeBench) Create(_ context.Context, c page.NewCase) (Case, string, error) {
	b.made = newFakeCase(page.Info{Dir: c.Dir, Number: c.Number, Title: c.Title, Operator: c.Operator})
	return b.made, "7K3M-Q9VD-2XTA-H8RP-4NWE-6ZCB-9FJU-1YHS", nil
}

// newcomer is no operator of the case that is opened.
const newcomer = "王小名"

func (b *fakeBench) Open(_ context.Context, dir string, k page.Key, op custody.Operator) (Case, error) {
	if k.Passphrase != goodPassphrase {
		return nil, errWrongKey
	}
	b.made = newFakeCase(page.Info{Dir: dir, Number: "115偵12345", Title: "假投資詐欺", Operator: op, Joined: op.Name == newcomer})
	return b.made, nil
}

func (b *fakeBench) Env(_ context.Context, contact bool) []page.EnvItem {
	clock := page.EnvItem{Name: "clock", State: "untried", Code: "untried", Data: map[string]string{"server": "time.example:123"}}
	if contact {
		clock = page.EnvItem{Name: "clock", State: "ok", Code: "offset", Data: map[string]string{"server": "time.example:123", "ms": "+12.3"}}
	}
	return []page.EnvItem{{Name: "browser", State: "bad", Code: "fails", Data: map[string]string{"why": "not installed"}}, clock}
}

func (b *fakeBench) Train(_ context.Context, dir string, _ bool, tell func(string, ...any)) (page.Trained, error) {
	tell("demo.site", "hosts", "vip-invest.example")
	tell("demo.target", "id", "D001", "name", "vip-invest.example", "scope", "subdomains")
	return page.Trained{Case: dir + "/case", Packet: dir + "/X01.zip", Passphrase: goodPassphrase}, nil
}

func (b *fakeBench) Verify(_ context.Context, path, seal string) (packet.Report, error) {
	if strings.Contains(seal, "none") {
		return packet.Report{}, packet.ErrNotSeal
	}
	r := packet.Report{Name: "X01", Operator: custody.Operator{Name: "王小明"}, Files: 3, Entries: 2, SealSize: 9, Exhibits: []string{"W0001"}, Built: now()}
	r.Whose = packet.Whose{
		Fingerprint: "11111 22222 33333 44444 55555 66666 77777 88888", Standing: packet.KeyUnknown, Office: "甲署", Number: "115偵1", Here: 2, Sealed: 9, Absent: 7,
		Stamped: packet.StampedNot,
	}
	if seal != "" {
		r.Whose.Seal, r.Whose.SealSize = packet.SealWithin, 4
	}
	if known := b.knows(); len(known) > 0 {
		r.Whose.Standing, r.Whose.KnownAs = packet.KeyKnown, known[0].Office
	}
	if strings.Contains(path, "known") {
		r.Whose.Standing, r.Whose.KnownAs, r.Whose.Stamped, r.Whose.StampedBy = packet.KeyKnown, "甲署", packet.StampedTrusted, []string{"CN=TSA"}
	}
	if strings.Contains(path, "forged") {
		r.Whose.Standing = packet.KeyElsewhere
		r.Findings = []packet.Finding{{Code: packet.KeyOther, File: "data/custody.jsonl", Problem: "it says that it is of an office whose key is known here, and carries another key"}}
	}
	if strings.Contains(path, "bad") {
		r.Findings = []packet.Finding{{Code: packet.FileChanged, File: "data/x", Problem: "sha256 differs", Want: "aa", Got: "bb", Follows: []packet.Finding{
			{Code: packet.ManifestDiffer, File: "data/x"}, {Code: packet.BagForm, File: "bag-info.txt"},
		}}}
	}
	if strings.Contains(path, "noted") {
		r.Notes = []packet.Finding{{Code: packet.ZIPRepacked}, {Code: packet.SystemFile, File: "data/.DS_Store"}, {Code: packet.StampExpired, File: "seal.tsr"}}
		r.Stamps = []packet.StampInfo{{File: "seal.tsr", Time: now(), Signer: "CN=TSA", Trusted: true, Until: now()}}
	}
	if strings.Contains(path, "absent") {
		r = packet.Report{Findings: []packet.Finding{{Code: packet.PacketAbsent}}}
	}
	return r, nil
}

// fakeCase is a case in memory.
type fakeCase struct {
	steps []application.Step
	fakeQueue
	info    page.Info
	mu      sync.Mutex
	list    []page.Exhibit
	log     []custody.Entry
	found   []page.Finding
	names   []application.Target
	let     []application.Override
	draft   []application.Application
	logins  []casefile.LoginInfo
	sheets  []string
	to      []application.Recipient // of packets that were built
	asked   []page.Asking
	checks  []page.Execution
	lost    []application.Loss
	tables  []page.LossTable
	dropped string // exhibit and reason
	rules   []evidence.RedactionRules
	reasons []string      // of copies
	ended   int           // Close calls
	slow    chan struct{} // what a packet waits for; nil for nothing
	fakeDispatch
	fakeWatches
}

func newFakeCase(info page.Info) *fakeCase {
	c := &fakeCase{info: info, fakeWatches: fakeWatches{feed: make(chan struct{}, 9)}}
	c.fakeQueue.admit = c.admit
	c.note(custody.Person, custody.CaseCreate, info.Number)
	return c
}

func (c *fakeCase) Info() page.Info { return c.info }

func (c *fakeCase) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended++
	return nil
}

// closed is how often the case was closed.
func (c *fakeCase) closed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

func (c *fakeCase) note(k custody.Kind, a custody.Action, object string) {
	c.log = append(c.log, custody.Entry{
		Number: int64(len(c.log) + 1), Time: custody.At(now()), Actor: k, Operator: c.info.Operator, Action: a, Object: object,
	})
}

var fakeVerdicts = []evidence.Verdict{
	evidence.Complete, evidence.Partial, evidence.Challenge, evidence.Unreachable, evidence.Viewport, evidence.Login, evidence.Blocked, evidence.Refused,
}

// count is how many exhibits there are.
func (c *fakeCase) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.list)
}

func (c *fakeCase) admit(r evidence.Request) page.Exhibit {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.list)
	e := page.Exhibit{Number: fmt.Sprintf("W%04d", n+1), Kind: evidence.Capture, Summary: evidence.Summary{
		URL: r.URL, FinalURL: r.URL, View: r.View, Status: 200, Title: "鼎豐投資 Pro 穩健獲利", Verdict: fakeVerdicts[n%len(fakeVerdicts)],
		Started: now(), ElapsedMS: 4200,
	}}
	if e.Verdict == evidence.Partial {
		e.Missing = []evidence.Missing{{What: r.URL + "/app.js", Reason: "connection reset"}}
	}
	for name, data := range fakeArtifacts() {
		media := "x/y"
		if strings.HasSuffix(name, ".png") {
			media = "image/png"
		}
		e.Artifacts = append(e.Artifacts, evidence.Artifact{Name: name, MediaType: media, Size: int64(len(data)), SHA256: strings.Repeat("9f", 32)})
	}
	c.list = append(c.list, e)
	c.note(custody.Tool, custody.ExhibitAdmit, e.Number)
	return e
}

func fakeArtifacts() map[string][]byte {
	facts, _ := json.Marshal(map[string]any{"dns": []string{"104.21.3.9"}, "tls": map[string]string{"issuer": "Let's Encrypt"}})
	return map[string][]byte{
		evidence.TextTXT: []byte("保證獲利\n加入 LINE 群組\u202e"), evidence.FactsJSON: facts, evidence.Screenshot: tallPicture(),
		evidence.ActionsJSONL: []byte(`{"at":"2026-11-23T07:38:03.000Z","actor":"tool","action":"scroll","detail":"to the end"}` + "\n"),
	}
}

var tallPicture = sync.OnceValue(func() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 200, 5000))
	for y := range 5000 {
		for x := range 200 {
			img.Set(x, y, color.NRGBA{R: uint8(y >> 5), G: uint8(x), B: 120, A: 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
})

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func (c *fakeCase) Open(_ context.Context, _, name string) (io.ReadSeekCloser, error) {
	data, ok := fakeArtifacts()[name]
	if !ok {
		return nil, os.ErrNotExist
	}
	return readCloser{bytes.NewReader(data)}, nil
}

func (c *fakeCase) Exhibits(context.Context) ([]page.Exhibit, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]page.Exhibit(nil), c.list...), nil
}

func (c *fakeCase) Entries(context.Context) ([]custody.Entry, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]custody.Entry(nil), c.log...), nil
}

func (c *fakeCase) Details(_ string, e custody.Entry) ([]string, error) {
	return []string{"所載 " + e.Object}, nil
}

func (c *fakeCase) Check(_ context.Context, progress func(done, total int64)) ([]page.Finding, error) {
	progress(1, 2)
	return c.found, nil
}

func (c *fakeCase) Seal(context.Context) (page.Sealed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := int64(len(c.log))
	c.note(custody.System, custody.SealMake, "")
	return page.Sealed{Size: size, Stamps: 1, Pending: 2, Why: []page.Unstamped{{URL: "http://tsa.example/", Why: "time-stamp authority refuses: status 2 rejection"}}}, nil
}

func (c *fakeCase) SaveSeal(_ context.Context, size int64, file string) error {
	if strings.Contains(file, "taken") {
		return casefile.ErrExists
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sheets = append(c.sheets, fmt.Sprintf("%d %s", size, file))
	return nil
}

// saved gives the sheets that were saved, with their sizes.
func (c *fakeCase) saved() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.sheets)
}

func (c *fakeCase) Build(ctx context.Context, _ string, o page.BuildOptions) (page.Built, error) {
	o.Step("papers", 1, 2)
	if c.slow != nil {
		select {
		case <-ctx.Done():
			return page.Built{}, ctx.Err()
		case <-c.slow:
		}
	}
	word, err := fakeWord(o.Key)
	if err != nil {
		return page.Built{}, err
	}
	c.to = append(c.to, o.For)
	return page.Built{Signer: word.Signer, ID: "X01", File: o.File, Files: 42, Stamps: 1, Size: 1 << 20, SHA256: strings.Repeat("ab", 32)}, nil
}

func (c *fakeCase) Targets(context.Context) ([]application.Target, error) { return c.names, nil }

func (c *fakeCase) AddTarget(_ context.Context, name string, scope application.Scope, reason string) (application.Target, error) {
	t := application.Target{
		ID: application.NextID("D", 3, nil), Name: name, Unicode: name, Scope: scope, ScopeReason: reason, Exhibits: []string{"W0001"},
	}
	c.names = append(c.names, t)
	return t, nil
}

func (c *fakeCase) Gates(context.Context) ([]application.GateResult, error) {
	var list []application.GateResult
	for _, t := range c.names {
		list = append(list, c.gateOf(t.ID))
	}
	return list, nil
}

func (c *fakeCase) gateOf(target string) application.GateResult {
	soft := application.RuleResult{Rule: "mail", Level: application.Soft, Text: "有電子郵件", TextEN: "has mail"}
	for _, o := range c.let {
		soft.Override = &o
	}
	return application.GateResult{Target: target, Results: []application.RuleResult{
		{Rule: "suffix", Level: application.OK, Text: "不是公共後綴", TextEN: "no public suffix"}, soft,
	}}
}

func (c *fakeCase) Override(_ context.Context, o application.Override, k page.SigningKey) error {
	word, err := fakeWord(k)
	if err != nil {
		return err
	}
	o.Word = word
	c.let = append(c.let, o)
	return nil
}

// fakeWord is a word under the key, which opens with one passphrase.
func fakeWord(k page.SigningKey) (w application.Word, err error) {
	if k.Means == page.NameAlone {
		return w, nil
	}
	if k.Secret != goodPassphrase {
		return w, sign.ErrSecret
	}
	return application.Word{Signer: "CN=" + filepath.Base(k.File+k.Token), Signature: []byte{1}}, nil
}

func (c *fakeCase) Types() ([]application.Type, error) {
	return []application.Type{{ID: "prosecutor-seizure", Label: "檢察官聲請扣押裁定", LabelEN: "Seizure", Supplement: "supplement", Steps: []application.StepKind{application.Approve, application.File, application.Order}, Fields: []application.Field{
		{Name: "number", Label: "案號", LabelEN: "number", Required: true},
		{Name: "targets", Label: "扣押標的", LabelEN: "targets", Kind: application.TargetsField},
		{Name: "validity", Label: "期間", LabelEN: "validity", Required: true, Kind: application.SpanField},
		{Name: "facts", Label: "犯罪事實", LabelEN: "facts", Required: true, Kind: application.FactsField},
	}}}, nil
}

func (c *fakeCase) Drafts(context.Context) ([]application.Application, error) { return c.draft, nil }

func (c *fakeCase) Save(_ context.Context, a application.Application) (application.Application, error) {
	if a.ID == "" {
		a.ID = application.NextID("S", 2, nil)
		c.draft = append(c.draft, a)
	}
	i := slices.IndexFunc(c.draft, func(d application.Application) bool { return d.ID == a.ID })
	c.draft[max(i, 0)] = a
	return a, nil
}

// stored is the application of that number.
func (c *fakeCase) stored(id string) (a application.Application) {
	for _, d := range c.draft {
		if d.ID == id {
			a = d
		}
	}
	return a
}

func (c *fakeCase) Lint(context.Context, string) ([]application.Finding, error) {
	if c.draft[0].Facts == "" {
		return []application.Finding{{Code: "x", Text: "事實欄空白", TextEN: "no facts"}}, nil
	}
	return []application.Finding{{Code: "y", Text: "法條資料 old", TextEN: "law is old", Notice: true}}, nil
}

func now() time.Time { return time.Date(2026, 11, 23, 7, 38, 44, 0, time.UTC) }

// strict speaks one of the shipped languages and fails the test for a key without words or a place left open.
type strict struct {
	t     *testing.T
	words map[string]string
}

func newStrict(t *testing.T, lang string) *strict {
	t.Helper()
	data, err := os.ReadFile("../../../assets/translations/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	s := &strict{t: t}
	if err := json.Unmarshal(data, &s.words); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *strict) T(key string, pairs ...any) string {
	text, ok := s.words[key]
	if !ok {
		s.t.Errorf("no words for %q", key)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	if open := strings.Index(text, "{"); open >= 0 && strings.Contains(text[open:], "}") {
		s.t.Errorf("%q is left with an open place: %q", key, text)
	}
	return text
}

func (s *strict) Has(key string) bool { _, ok := s.words[key]; return ok }

func (s *strict) Error(err error) string { return "SENTENCE " + err.Error() }

func (c *fakeCase) Life(context.Context, string) (application.Life, error) {
	types, err := c.Types()
	return application.Life{Type: types[0], Steps: c.steps}, err
}

func (c *fakeCase) TakeStep(_ context.Context, id string, s page.TakenStep) error {
	step := application.Step{Application: id, Kind: s.Kind, Person: s.Person, Number: s.Number, Exhibit: s.Exhibit}
	var err error
	if step.Word, err = fakeWord(s.Key); err != nil {
		return err
	}
	if s.Names != nil {
		step.Order = &application.Ruling{Court: s.Court, Names: s.Names}
		if s.From != "" {
			if step.Order.TermFrom, err = time.Parse(time.DateOnly, s.From); err != nil {
				return err
			}
		}
	}
	c.steps = append(c.steps, step)
	return nil
}

func (c *fakeCase) Deadlines(context.Context, string) ([]application.Deadline, error) {
	return c.due, nil
}

// Redact makes a copy of nothing, unless a word says otherwise.
func (c *fakeCase) Redact(ctx context.Context, exhibit string, rules evidence.RedactionRules, reason string) (page.Redacted, error) {
	if slices.Contains(rules.Words, "永遠") {
		<-ctx.Done()
		return page.Redacted{}, ctx.Err()
	}
	if slices.Contains(rules.Words, "仍在") {
		return page.Redacted{}, redact.ErrRemains
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rules = append(c.rules, rules)
	c.reasons = append(c.reasons, reason)
	number := fmt.Sprintf("W%04d", len(c.list)+1)
	c.list = append(c.list, page.Exhibit{Number: number, Kind: evidence.Copy, Summary: evidence.Summary{Title: exhibit, Started: now()}})
	return page.Redacted{Exhibit: number, Redaction: evidence.Redaction{Original: exhibit, Artifacts: []evidence.RedactionArtifact{
		{Name: evidence.TextTXT, Masked: map[evidence.RedactionKind]int{evidence.RedactWord: 3}, Left: []evidence.RedactionLeft{{Reason: evidence.LeftPDF}}, More: 2},
		{Name: evidence.FactsJSON},
		{Name: evidence.Screenshot, LeftOut: evidence.LeftPicture},
	}}}, nil
}

func (c *fakeCase) RedactionRules(_, file string) (evidence.RedactionRules, error) {
	if strings.Contains(file, "absent") {
		return evidence.RedactionRules{}, os.ErrNotExist
	}
	return evidence.RedactionRules{
		Kinds: []evidence.RedactionKind{evidence.RedactID}, Words: []string{"王小明"}, Expressions: []string{"A[0-9]+"}, LeaveOut: []string{evidence.FactsJSON},
		Pictures: map[string][]evidence.RedactionBox{evidence.Screenshot: {{X: 10, Y: 20, Width: 30, Height: 40}}},
	}, nil
}

func (c *fakeCase) Resolvers() ([]page.NamedResolver, error) {
	return []page.NamedResolver{{Address: "192.0.2.1", Label: "HiNet"}, {Address: "192.0.2.2", Label: "Quad101"}, {Address: "192.0.2.8", Control: true}}, nil
}

// CheckExecution finds the first resolver to stop and the others not to; one that is asked for a reason waits to be cancelled.
func (c *fakeCase) CheckExecution(ctx context.Context, id string, o page.Asking, told func(done, total int)) (page.Execution, error) {
	if slices.Contains(o.Resolvers, "nobody") {
		return page.Execution{}, errors.New("no resolver")
	}
	for i := range 300 {
		told(i+1, 300)
	}
	x := page.Execution{ExecutionReport: evidence.ExecutionReport{Application: id, Started: now()}}
	if o.Reason == "等" {
		<-ctx.Done()
		x.Interrupted = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, o)
	x.Exhibit = fmt.Sprintf("W%04d", len(c.list)+1)
	name := evidence.CheckedName{Target: "D001", Name: "a.example", Subdomains: true}
	for i, text := range o.Resolvers {
		at := evidence.NameAt{Resolver: "udp://" + text + ":53", Verdict: evidence.Stopped, Before: evidence.NotStopped}
		end := evidence.ResolverDone
		if i > 0 {
			at = evidence.NameAt{Resolver: at.Resolver, Verdict: evidence.NotStopped, Probes: []evidence.Probe{
				{Role: evidence.ProbeName, Name: "a.example", Stop: true, Resolution: evidence.ResolutionAddresses, Verdict: evidence.NotStopped},
			}}
			end = evidence.ResolverSilent
		}
		name.Resolvers = append(name.Resolvers, at)
		x.Resolvers = append(x.Resolvers, evidence.AskedResolver{Resolver: at.Resolver, Label: "標籤", Questions: 9, Answered: 8, End: end})
	}
	if o.Control != "" {
		x.Resolvers = append(x.Resolvers, evidence.AskedResolver{Resolver: "udp://" + o.Control + ":53", Control: true, End: evidence.ResolverDone})
	}
	x.Names = append(x.Names, name)
	c.list = append(c.list, page.Exhibit{Number: x.Exhibit, Kind: evidence.Execution, Summary: evidence.Summary{Title: id, Started: now()}})
	c.checks = append(c.checks, x)
	return x, nil
}

func (c *fakeCase) Executions(context.Context, string) ([]page.Execution, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.checks), nil
}

func (c *fakeCase) Losses(context.Context) ([]application.Loss, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.lost), nil
}

// ImportLosses reads two rows out of every table that is not called bad or absent.
func (c *fakeCase) ImportLosses(_ context.Context, t page.LossTable) (page.TakenLosses, error) {
	switch {
	case strings.Contains(t.File, "absent"):
		return page.TakenLosses{}, os.ErrNotExist
	case strings.Contains(t.File, "bad"):
		return page.TakenLosses{Refused: []page.Refusal{{Text: "第 2 列無法讀取：日期「明天」。", TextEN: "row 2 cannot be read: date “明天”."}}}, nil
	}
	rows := []application.Loss{
		{Exhibit: "W0007", Row: 1, Victim: "甲", Date: now(), Amount: 1_500_000, Target: "D001"}, {Exhibit: "W0007", Row: 2, Victim: "甲", Date: now(), Amount: 20, Way: "匯款"},
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost, c.tables = append(c.lost, rows...), append(c.tables, t)
	return page.TakenLosses{Exhibit: "W0007", Rows: rows, Columns: map[string]string{application.LossAmount: "實付"}, Alike: []int{2}}, nil
}

// DropLosses takes back everything.
func (c *fakeCase) DropLosses(_ context.Context, exhibit, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost, c.dropped = nil, exhibit+" "+reason
	return nil
}

var fakeLaw = page.Law{Folder: "/office", SHA256: "ab12", Items: []page.LawItem{
	{ID: "statutes", Source: application.Source{Version: "1", Date: "2026-11-01", Source: "全國法規資料庫", LimitDays: 90}, AgeDays: 22},
	{ID: "fraud-42", Source: application.Source{Version: "2", Date: "2026-01-01", Source: "本署", LimitDays: 90, From: application.FromOffice, Note: "註記"}, AgeDays: 326, Old: true},
}}

func (*fakeBench) Law() (page.Law, error) { return fakeLaw, nil }

func (*fakeBench) LawText(id string) (page.LawText, error) {
	if id != "statutes" {
		return page.LawText{LawItem: fakeLaw.Items[1], Text: "{}"}, nil
	}
	return page.LawText{LawItem: fakeLaw.Items[0], Articles: []application.Statute{
		{ID: "ccp-133", Law: "刑事訴訟法", Article: "第133條", Kind: "quote", Text: "可為證據之物，得扣押之。", AsOf: "2026-01-21", Note: "全文"},
	}}, nil
}
