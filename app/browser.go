package app

import (
	"context"
	"errors"
	"os"
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

// PrintPDF prints a paper.
func (b browser) PrintPDF(ctx context.Context, html []byte, noSandbox bool) ([]byte, error) {
	dir, _ := os.MkdirTemp("", "trial")
	defer os.RemoveAll(dir)
	os.WriteFile(dir+"/a.html", html, 0o600)
	out, err := exec.CommandContext(ctx, b.path, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline", "--user-data-dir="+dir+"/p", "--print-to-pdf="+dir+"/a.pdf", dir+"/a.html").CombinedOutput()
	if err != nil {
		return nil, errors.New(string(out))
	}
	return os.ReadFile(dir + "/a.pdf")
}

// Version asks the program itself, without starting a browser.
func (b browser) Version(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, b.path, "--version").Output()
	return strings.TrimSpace(string(out)) + " (" + b.path + ")", err
}
