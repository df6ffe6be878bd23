package sitetest

import (
	"bytes"
	"errors"
	"image/png"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

const phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"

func TestTrainingPagesSayWhatTheCaseNeeds(t *testing.T) {
	s, err := Training(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, v := range []struct {
		host   string
		header map[string]string
		want   string
	}{
		{InvestHost, nil, "保證獲利"},
		{InvestHost, nil, "LINE 群組"},
		{JoinHost, nil, "/qr.png"},
		{JoinHost, nil, LineAddress},
		{ShopHost, nil, "小山手工皂"},
		{ShopHost, map[string]string{"User-Agent": phone}, "保證獲利"},
		{ShopHost, map[string]string{"Referer": "https://l.facebook.com/"}, "保證獲利"},
	} {
		if _, body, err := ask(t, s.Client(), http.MethodGet, "https://"+v.host+"/", v.header); err != nil || !strings.Contains(string(body), v.want) {
			t.Errorf("%s %v: %v, no %q", v.host, v.header, err, v.want)
		}
	}
	if _, _, err := ask(t, s.Client(), http.MethodGet, "https://"+MirrorHost+"/", nil); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%s: %v, want a refused connection", MirrorHost, err)
	}
}

// Whatever a page of the case refers to is served, and by no host outside of it.
func TestTrainingResourcesAreServed(t *testing.T) {
	s, err := Training(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, res := range trainingResources() {
		got, body, err := ask(t, s.Client(), res.method, "https://"+InvestHost+res.path, nil)
		if err != nil || got.StatusCode != res.status || !bytes.Equal(body, res.body()) {
			t.Errorf("%s: %v", res.path, err)
		}
	}
	if _, err := png.Decode(bytes.NewReader(qrCode())); err != nil {
		t.Errorf("the QR code is no picture: %v", err)
	}
}
