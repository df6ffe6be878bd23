package cli

import (
	"io"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// parser reads a command line by the grammar, and tells of it in the language of the session.
func (s *Session) parser() (*kong.Kong, error) {
	parser, err := kong.New(&s.grammar, kong.Name("yuzheng"), kong.Writers(s.Out, s.Err),
		kong.Description("Yuzheng (域證): web evidence, from a scam site to a court packet. Without a command the window opens."),
		kong.Exit(func(code int) { panic(exitRequest(code)) }), kong.Help(s.help))
	if err != nil {
		return nil, err
	}
	eachHelp(parser.Model.Node, s.placeHelp)
	return parser, nil
}

// eachHelp visits the help of n and of all below it, with the keys under which its words may stand, the nearest first: "case new" for a
// command, "case new --title" or "--title" for an option, "case new DIR" or "DIR" for an argument, "yuzheng" for the program.
func eachHelp(n *kong.Node, visit func(help *string, keys ...string)) {
	path := n.Path()
	if path == "" {
		visit(&n.Help, n.Name)
	} else {
		visit(&n.Help, path)
	}
	for _, f := range n.Flags {
		visit(&f.Help, strings.TrimSpace(path+" --"+f.Name), "--"+f.Name)
	}
	for _, p := range n.Positional {
		visit(&p.Help, path+" "+p.Name, p.Name)
	}
	for _, below := range n.Children {
		eachHelp(below, visit)
	}
}

// placeHelp puts the words of the language in place of the English of the tags, where it has some.
func (s *Session) placeHelp(help *string, keys ...string) {
	for _, key := range keys {
		if words, ok := s.Say.Help(key); ok {
			*help = words
			return
		}
	}
}

// help prints what was asked about: how it is used, what it does, its arguments, options and commands. It is the printer of kong, whose own
// counts bytes for columns and finds no place to end a line of Chinese.
func (s *Session) help(_ kong.HelpOptions, asked *kong.Context) error {
	n := asked.Selected()
	if n == nil {
		n = asked.Model.Node
	}
	p := &page{width: s.width()}
	p.wrap(0, s.Say.T("cli.help.usage", "how", s.usage(asked.Model.Name, n)))
	p.section("", func() { p.wrap(0, n.Help) })
	if len(n.Positional) > 0 {
		p.section(s.Say.T("cli.help.arguments"), func() { p.rows(arguments(n)) })
	}
	if own := flags(n.Flags); n.Parent != nil && len(own) > 0 {
		p.section(s.Say.T("cli.help.flags"), func() { p.rows(own) })
	}
	commands := n.Leaves(true)
	if len(commands) > 0 {
		p.section(s.Say.T("cli.help.commands"), func() { p.rows(summaries(commands)) })
	}
	if n.Parent == nil {
		p.section(s.Say.T("cli.help.everywhere"), func() { p.rows(flags(n.Flags)) })
	} else {
		p.section("", func() {
			p.wrap(0, s.Say.T("cli.help.common", "flags", strings.Join(names(asked.Model.Flags), " "), "program", asked.Model.Name))
		})
	}
	if len(commands) > 0 {
		p.section("", func() { p.wrap(0, s.Say.T("cli.help.more", "program", asked.Model.Name)) })
	}
	_, err := io.WriteString(s.Out, p.text.String())
	return err
}

// width is that of the terminal in columns as far as the environment tells it, or 80.
func (s *Session) width() int {
	if n, err := strconv.Atoi(s.Getenv("COLUMNS")); err == nil && n >= 40 {
		return n
	}
	return 80
}

// usage is a command as it is typed; what kong calls flags and a command has words of the language.
func (s *Session) usage(program string, n *kong.Node) string {
	words := strings.NewReplacer("[flags]", s.Say.T("cli.help.anyflags"), "<command>", s.Say.T("cli.help.anycommand"))
	return program + " " + words.Replace(strings.TrimSpace(n.Summary()))
}

func arguments(n *kong.Node) (rows [][2]string) {
	for _, a := range n.Positional {
		rows = append(rows, [2]string{a.Summary(), a.Help})
	}
	return rows
}

func flags(list []*kong.Flag) (rows [][2]string) {
	for _, f := range list {
		rows = append(rows, [2]string{option(f), f.Help})
	}
	return rows
}

// names are flags as they are typed, without what they take.
func names(list []*kong.Flag) (typed []string) {
	for _, f := range list {
		typed = append(typed, "--"+f.Name)
	}
	return typed
}

// summaries are commands as they are typed, each with what it does.
func summaries(commands []*kong.Node) (rows [][2]string) {
	for _, c := range commands {
		rows = append(rows, [2]string{c.Path(), c.Help})
	}
	return rows
}

// option is a flag as it is typed; those without a letter stand below the names of those that have one.
func option(f *kong.Flag) string {
	if f.Short == 0 {
		return "    " + f.String()
	}
	return f.String()
}
