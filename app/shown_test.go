package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

// bare are the ways to show text that do not pass package legible, in which tree they are not taken, and where what is to be taken stands.
var bare = []struct{ tree, but, what, instead string }{
	{"", "app/app.go", "os.Stdout", "Session.Out, Session.JSON"},
	{"", "app/app.go", "os.Stderr", "Session.Err"},
	{"", "", "fmt.Print", "Session.line"},
	{"", "", "fmt.Println", "Session.line"},
	{"", "", "fmt.Printf", "Session.line"},
	{"app/window", "app/window/widget", "widget.NewLabel", "own.Label, own.Wrapped"},
	{"app/window", "app/window/widget", "widget.NewLabelWithStyle", "own.Label, own.Wrapped"},
	{"app/window", "app/window/widget", "widget.Label", "own.Label, own.Note and own.SetText"},
	{"app/window", "app/window/widget", "widget.NewRichText", "own.Note"},
	{"app/window", "app/window/widget", "widget.NewRichTextWithText", "own.Note"},
	{"app/window", "app/window/widget", "widget.NewHyperlink", "own.Note"},
	{"app/window", "app/window/widget", "widget.NewCard", "own.Card"},
	{"app/window", "app/window/widget", "canvas.NewText", "own.Big, own.NewMiddle"},
	{"app/window", "app/window/widget", ".SetTitle", "own.Title"},
}

// choices take lines that must have passed own.Options.
var choices = map[string]bool{"widget.NewSelect": true, "widget.NewCheckGroup": true, ".SetOptions": true}

// TestShownInOnePlace: nothing writes to a person, and no page draws text, but through the parts that make it fit to be shown.
func TestShownInOnePlace(t *testing.T) {
	read := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == "build" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return skipped(err)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		read++
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "../"+name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			checkShown(t, files, name, n)
			return true
		})
		return nil
	})
	if err != nil || read < 100 {
		t.Fatalf("%d files, %v", read, err)
	}
}

func skipped(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}

func checkShown(t *testing.T, files *token.FileSet, name string, n ast.Node) {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		for _, b := range bare {
			if what(n, b.what) && (b.tree == "" || within(path.Dir(name), b.tree)) && !(b.but != "" && within(name, b.but)) {
				t.Errorf("%s: %s shows text as it is; there is %s", files.Position(n.Pos()), b.what, b.instead)
			}
		}
	case *ast.CallExpr:
		f, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || !within(path.Dir(name), "app/window") || len(n.Args) == 0 {
			return
		}
		for c := range choices {
			if what(f, c) && !passed(n.Args[0]) {
				t.Errorf("%s: the lines of %s have not passed own.Options", files.Position(n.Pos()), c)
			}
		}
	}
}

// what reports whether n is the selector "package.Name", or ".Name" of anything.
func what(n *ast.SelectorExpr, name string) bool {
	of, sel, _ := strings.Cut(name, ".")
	x, ok := n.X.(*ast.Ident)
	return n.Sel.Name == sel && (of == "" || ok && x.Name == of)
}

func passed(arg ast.Expr) bool {
	if id, ok := arg.(*ast.Ident); ok {
		return id.Name == "nil"
	}
	call, ok := arg.(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	return ok && what(f, "own.Options")
}
