package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"yuzheng/app/workbench"
	"yuzheng/capture/chrome"
	"yuzheng/capture/chrome/launch"
	"yuzheng/capture/netfacts"
	"yuzheng/casefile/application"
)

// browser joins the recorder and the printing of papers, which need the same program.
type browser struct {
	*chrome.Recorder
	path string
}

// networksVariable names files with the ranges of addresses that each network announces (first,last,asn,org), separated by commas.
const networksVariable = "YUZHENG_NETWORKS"

// openBrowser finds the installed browser. The lists tell it where stopped names lead, so that a block page is known as one, and by what an
// opened connection is known.
func openBrowser(env Env, software string, lists fs.FS) (workbench.Browser, error) {
	path, err := launch.Find()
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
	inspectors, err := readInspectors(lists)
	if err != nil {
		return nil, err
	}
	networks, err := readNetworks(env.Getenv(networksVariable))
	if err != nil {
		return nil, err
	}
	r, err := chrome.New(chrome.Options{
		Path: path, Now: env.Now, Software: software, Blocked: blocked, Inspectors: inspectors, Networks: networks,
	})
	if err != nil {
		return nil, err
	}
	return browser{r, path}, nil
}

func readInspectors(lists fs.FS) ([]string, error) {
	data, err := fs.ReadFile(lists, "inspection.json")
	if err != nil {
		return nil, fmt.Errorf("list inspection: %w", err)
	}
	var list struct{ Issuers []string }
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("list inspection: %w", err)
	}
	return list.Issuers, nil
}

// readNetworks reads the table of networks, where the office has one.
func readNetworks(files string) (*netfacts.ASNTable, error) {
	if files == "" {
		return nil, nil
	}
	var readers []io.Reader
	var names []string
	for name := range strings.SplitSeq(files, ",") {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", networksVariable, err)
		}
		defer f.Close()
		readers, names = append(readers, f), append(names, filepath.Base(name))
	}
	return netfacts.ReadASN(strings.Join(names, ", "), "", readers...)
}

// Version asks the program itself, without starting a browser.
func (b browser) Version(ctx context.Context) (string, error) {
	return launch.Version(ctx, b.path)
}
