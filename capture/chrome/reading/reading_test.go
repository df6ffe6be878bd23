package reading

import (
	"strings"
	"testing"

	"yuzheng/capture/scrub"
)

// What a person typed as a password is kept out where it stands for all to see, however short it is.
func TestTypedPasswordsAreNoWords(t *testing.T) {
	d := &drawn{nodes: []drawnNode{{kind: elementNode, name: "input", attributes: []string{"id", "code"}, value: new("123"), boxes: []drawnBox{{}}}}}
	d.withhold(scrub.Secrets{{Text: "123"}})
	if lines, _ := besides(d, "", nil); len(lines) != 1 || lines[0].text != Withheld || d.state(0).differs() {
		t.Errorf("%v, written: %v", lines, d.state(0).differs())
	}
	d.nodes[0].value = new("456")
	d.nodes[0].secret = false
	if lines, _ := besides(d, "", nil); len(lines) != 1 || lines[0].text != "456" || !d.state(0).differs() {
		t.Errorf("what was not typed as one: %v", lines)
	}
}

// A page whose body has no height shows its words all the same; a box without one does not.
func TestABodyWithoutHeightHidesNothing(t *testing.T) {
	flat := []drawnBox{{style: drawnStyle{"block", "visible", "1", "hidden"}, bounds: []float64{0, 0, 800, 0}}}
	for name, want := range map[string]int{"body": 0, "div": 1} {
		d := &drawn{nodes: []drawnNode{
			{kind: elementNode, name: name, boxes: flat, children: []int{1}},
			{kind: textNode, text: "入金", boxes: []drawnBox{{text: "入金", style: flat[0].style, bounds: []float64{0, 0, 40, 20}}}},
		}}
		if lines, _ := besides(d, "入金", nil); len(lines) != want {
			t.Errorf("%s: %v", name, lines)
		}
	}
}

// A field whose tag cannot be told from another's is left as it was: a state is never written into the wrong one.
func TestStateIsNotWrittenIntoTheWrongField(t *testing.T) {
	one, two, none := "甲", "乙", ""
	key := fieldTags([]byte(`<input class="a">`))[0].looks()
	states := map[string][]state{key: {{value: &one}, {value: &two}}}
	for _, c := range []struct {
		name, page, want string
		unsure           int
	}{
		{"as many", `<input class="a"><p><input class="a">`, `<input class="a" data-yuzheng-state="value" value="甲"><p><input class="a" data-yuzheng-state="value" value="乙">`, 0},
		{"fewer", `<input class="a">`, `<input class="a">`, 2},
		{"in a template", `<template><input class="a"></template><input class="a"><input class="a">`, `<template><input class="a"></template><input class="a" data-yuzheng-state="value" value="甲"><input class="a" data-yuzheng-state="value" value="乙">`, 0},
		{"in a script", `<script>"<input class=\"a\">"</script><input class="a"><input class="a">`, `<script>"<input class=\"a\">"</script><input class="a" data-yuzheng-state="value" value="甲"><input class="a" data-yuzheng-state="value" value="乙">`, 0},
	} {
		if out, unsure := withState([]byte(c.page), states); string(out) != c.want || unsure != c.unsure {
			t.Errorf("%s: %d unsure, %s", c.name, unsure, out)
		}
	}
	same := map[string][]state{key: {{value: &none, was: &one}, {value: &none, was: &one}}}
	if out, unsure := withState([]byte(`<input class="a">`), same); unsure != 0 || !strings.Contains(string(out), stateMark) {
		t.Errorf("states that are all the same: %d unsure, %s", unsure, out)
	}
}
