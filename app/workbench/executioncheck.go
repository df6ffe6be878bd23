package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"yuzheng/capture/netfacts"
	"yuzheng/casefile"
	"yuzheng/casefile/application"
	"yuzheng/casefile/evidence"
	"yuzheng/casefile/execution"
)

// check is one check of execution on its way.
type check struct {
	bench     *Workbench
	job       string // a watch on whose behalf it is
	order     execution.Order
	resolvers []askedResolver
	control   []askedResolver // one, or none
	previous  Execution
	told      func(done, total int)

	mu      sync.Mutex // over what follows, while resolvers are asked
	report  evidence.ExecutionReport
	lines   *json.Encoder
	number  int
	answers map[string]execution.Answers
}

// askedResolver is a resolver with what the list calls it.
type askedResolver struct {
	netfacts.Resolver
	label string
}

// ordered are the targets that are to be stopped: as they were granted, once that is known, and before all that are asked for; none of a release.
func (w *Workbench) ordered(c *casefile.Case, a application.Application) ([]application.Target, error) {
	if len(a.Targets) == 0 {
		return nil, nil
	}
	targets, err := w.someTargets(c, a.Targets)
	if err != nil {
		return nil, err
	}
	life, err := w.Life(c, a)
	if err != nil || life.Type.Restores {
		return nil, err
	}
	return life.Ordered(targets), nil
}

// newCheck reads what is to be asked of whom. Nobody is asked yet.
func (w *Workbench) newCheck(c *casefile.Case, id string, o ExecutionOptions) (*check, error) {
	a, err := w.Application(c, id)
	if err != nil {
		return nil, err
	}
	lists, err := application.LoadLists(w.Lists)
	if err != nil {
		return nil, err
	}
	k := &check{bench: w, job: o.job, answers: map[string]execution.Answers{}}
	if err := k.choose(id, o, lists); err != nil {
		return nil, err
	}
	targets, err := w.ordered(c, a)
	if err != nil {
		return nil, err
	}
	if len(targets) == 0 {
		return nil, refuse("check of "+id, "execution.targets", id, "這份聲請沒有應停止解析之標的。", "The application has no targets that are to be stopped.")
	}
	k.order = orderOf(targets, lists.Stopping())
	if len(o.Landing) > 0 {
		k.order.Stopping = evidence.Stopping{Landing: o.Landing}
	}
	k.report = evidence.ExecutionReport{
		Schema: evidence.Schema, Application: id, Stopping: k.order.Stopping, Resolvers: []evidence.AskedResolver{}, Contacts: []evidence.Contact{},
	}
	return k, nil
}

func orderOf(targets []application.Target, s evidence.Stopping) execution.Order {
	order := execution.Order{Stopping: s}
	for _, t := range targets {
		one := execution.Target{ID: t.ID, Name: t.Name, Registrable: t.Registrable, Subdomains: t.Scope == application.Subdomains}
		for _, text := range t.Addresses {
			if a, err := netip.ParseAddr(text); err == nil {
				one.Known = append(one.Known, a)
			}
		}
		order.Targets = append(order.Targets, one)
	}
	return order
}

// choose reads which resolvers are meant. Each is asked once.
func (k *check) choose(id string, o ExecutionOptions, lists *application.Lists) error {
	what, labels := "check of "+id, map[string]string{}
	usual, controls := []string{}, []string{}
	for _, r := range lists.Sinkholes.Resolvers {
		labels[r.Address.String()] = r.Label
		if r.Control {
			controls = append(controls, r.Address.String())
		} else {
			usual = append(usual, r.Address.String())
		}
	}
	if len(o.Resolvers) == 0 {
		o.Resolvers = usual
		if o.Control == "" && len(controls) > 0 {
			o.Control = controls[0]
		}
	}
	if n := len(o.Resolvers); n == 0 || n > maxAskedResolvers {
		return refuse(what, "execution.resolvers", id, fmt.Sprintf("須有一至%d個解析器。", maxAskedResolvers),
			fmt.Sprintf("It takes 1 to %d resolvers.", maxAskedResolvers))
	}
	seen := map[string]bool{}
	read := func(text string) (askedResolver, error) {
		r, err := netfacts.ParseResolver(text)
		if err != nil {
			return askedResolver{}, refuse(what, "execution.resolver", text, "這不是可以查詢的解析器："+text, err.Error())
		}
		if seen[r.String()] {
			return askedResolver{}, refuse(what, "execution.twice", r.String(), "解析器重複："+r.String(), "A resolver is named twice: "+r.String())
		}
		seen[r.String()] = true
		host, _, _ := net.SplitHostPort(r.Address)
		return askedResolver{r, labels[host]}, nil
	}
	for _, text := range o.Resolvers {
		r, err := read(text)
		if err != nil {
			return err
		}
		k.resolvers = append(k.resolvers, r)
	}
	if o.Control == "" {
		return nil
	}
	r, err := read(o.Control)
	k.control = append(k.control, r)
	return err
}

func resolverNames(list []askedResolver) []string {
	texts := make([]string, 0, len(list))
	for _, r := range list {
		texts = append(texts, r.String())
	}
	return texts
}

// detail is what the log says before anybody is asked.
func (k *check) detail() map[string]string {
	d := map[string]string{"names": strconv.Itoa(len(k.order.Targets)), "resolvers": strings.Join(resolverNames(k.resolvers), " ")}
	if len(k.control) > 0 {
		d["control"] = k.control[0].String()
	}
	if k.job != "" {
		d[detailJob] = k.job
	}
	return d
}

// admission is what the log says of the exhibit.
func (k *check) admission(got Execution) map[string]string {
	d := k.detail()
	d[detailApplication] = k.report.Application
	d["stopped"] = fmt.Sprintf("%d/%d", got.Counts()[evidence.Stopped], len(got.Names)*len(k.resolvers))
	if k.report.Interrupted {
		d[detailInterrupted] = "true"
	}
	return d
}

// run asks everybody and judges what came. An error is one of the case: nothing can be kept.
func (k *check) run(ctx context.Context, in *casefile.Intake) error {
	file, err := in.Create(evidence.AnswersJSONL, "application/jsonl")
	if err != nil {
		return err
	}
	k.lines = json.NewEncoder(file)
	k.lines.SetEscapeHTML(false)
	k.report.Started = k.bench.Now().UTC()
	err = k.ask(ctx)
	k.report.ElapsedMS = k.bench.Now().UTC().Sub(k.report.Started).Milliseconds()
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	var control execution.Answers
	if len(k.control) > 0 {
		control = k.answers[k.control[0].String()]
	}
	k.report.Names = k.order.Judge(resolverNames(k.resolvers), k.answers, control)
	k.report.Interrupted = slices.ContainsFunc(k.report.Resolvers, func(r evidence.AskedResolver) bool { return r.End == evidence.ResolverInterrupted })
	k.compare()
	return nil
}

// ask asks all resolvers at once; each of them bounds how much at once is asked of it.
func (k *check) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, maxExecutionTime, errExecutionLong)
	defer cancel()
	var questions []netfacts.Question
	for _, q := range k.order.Questions() {
		questions = append(questions, netfacts.Question(q))
	}
	all := slices.Concat(k.resolvers, k.control)
	k.report.Resolvers = make([]evidence.AskedResolver, len(all))
	errs := make([]error, len(all))
	var work sync.WaitGroup
	for i, r := range all {
		answers := execution.Answers{}
		k.answers[r.String()] = answers
		work.Go(func() {
			got, contacts, err := netfacts.Ask(ctx, netfacts.Asking{
				Resolver: r.Resolver, Questions: questions, Now: k.bench.Now, Dial: new(net.Dialer).DialContext, Roots: k.bench.Roots,
			}, func(a evidence.ResolverAnswer) error { return k.take(a, answers, len(all)*len(questions)) })
			got.Label, got.Control = r.label, i >= len(k.resolvers)
			k.mu.Lock()
			defer k.mu.Unlock()
			k.report.Resolvers[i], errs[i] = got, err
			k.report.Contacts = append(k.report.Contacts, contacts...)
		})
	}
	work.Wait()
	return errors.Join(errs...)
}

// take keeps an answer as it came, and what of it is judged.
func (k *check) take(a evidence.ResolverAnswer, answers execution.Answers, total int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.number++
	a.Number = k.number
	if err := k.lines.Encode(a); err != nil {
		return fmt.Errorf("artifact %s: %w", evidence.AnswersJSONL, err)
	}
	answers.Add(a)
	if k.told != nil {
		k.told(k.number, max(total, k.number))
	}
	return nil
}

// compare says what the check before said of the same name at the same resolver.
func (k *check) compare() {
	k.report.Previous = k.previous.Exhibit
	type pair struct{ name, resolver string }
	before := map[pair]evidence.ExecutionVerdict{}
	for _, n := range k.previous.Names {
		for _, at := range n.Resolvers {
			before[pair{n.Name, at.Resolver}] = at.Verdict
		}
	}
	for _, n := range k.report.Names {
		for i := range n.Resolvers {
			n.Resolvers[i].Before = before[pair{n.Name, n.Resolvers[i].Resolver}]
		}
	}
}
