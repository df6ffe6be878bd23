package app

import (
	"context"
	"os/exec"
	"strings"
	"time"

	"yuzheng/app/workbench"
	"yuzheng/capture/chrome"
)

// browser joins the recorder and the printing of papers, which need the same program.
type browser struct {
	*chrome.Recorder
	path string
}

func openBrowser(now func() time.Time, software string) (workbench.Browser, error) {
	path, err := chrome.Find()
	if err != nil {
		return nil, err
	}
	r, err := chrome.New(chrome.Options{Path: path, Now: now, Software: software})
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
