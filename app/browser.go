package app

import (
	"context"
	"io/fs"
	"os/exec"
	"strings"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/capture/chrome"
	"yuzheng/casefile/application"
)

// browser joins the recorder and the printing of papers, which need the same program.
type browser struct {
	*chrome.Recorder
	path string
}

// openBrowser finds the installed browser. The lists tell it where stopped names lead, so that a block page is known as one.
func openBrowser(now func() time.Time, software string, lists fs.FS) (workbench.Browser, error) {
	path, err := chrome.Find()
	if err != nil {
		return nil, err
	}
	known, err := application.LoadLists(lists)
	if err != nil {
		return nil, err
	}
	var blocked chrome.Blocked
	for _, s := range known.Sinkholes.Sinkholes {
		blocked.Addresses = append(blocked.Addresses, s.Addresses...)
	}
	r, err := chrome.New(chrome.Options{Path: path, Now: now, Software: software, Blocked: blocked})
	if err != nil {
		return nil, err
	}
	return browser{r, path}, nil
}

// PrintPDF prints a paper, whose style sheet brings margins, footers and page numbers.
func (b browser) PrintPDF(ctx context.Context, html []byte, noSandbox bool) ([]byte, error) {
	return b.Recorder.PrintPDF(ctx, html, chrome.PDFOptions{NoSandbox: noSandbox})
}

// Version asks the program itself, without starting a browser.
func (b browser) Version(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, b.path, "--version").Output()
	return strings.TrimSpace(string(out)), err
}
