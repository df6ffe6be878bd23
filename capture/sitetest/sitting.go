package sitetest

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"

	"github.com/coder/websocket"
)

// The one member of the pages with a login.
const (
	SitUser     = "alice"
	SitPassword = `Tr0ub4dor&3/x"9%Z`
)

// sessions are the pages that a person is to drive: a login, a member's page, and one that spreads the password in every way.
func (s *Site) sittings(mux *http.ServeMux) {
	mux.HandleFunc("POST /sit-login", sitLogin)
	mux.HandleFunc("GET /sit-club", s.sitClub)
	mux.HandleFunc("GET /sit-leak/{how}", sitLeak)
	mux.HandleFunc("POST /sit-leak/{how}", sitLeak)
	mux.HandleFunc("GET /sit-leak/socket", sitSocket)
	mux.HandleFunc("GET /sit-basic", sitBasic)
	let := make(chan struct{})
	mux.HandleFunc("GET /sit-waits", s.sitWaits(let))
	mux.HandleFunc("POST /sit-waits", s.sitLets(let))
}

// sitWaits answers when it is let.
func (s *Site) sitWaits(let chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-let:
			writePage(w, "終於來了", "")
		case <-r.Context().Done():
		case <-s.closed:
		}
	}
}

// sitLets lets one answer go.
func (s *Site) sitLets(let chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case let <- struct{}{}:
			w.WriteHeader(http.StatusNoContent)
		case <-r.Context().Done():
		case <-s.closed:
		}
	}
}

func sitLogin(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("user") != SitUser || r.FormValue("password") != SitPassword {
		status(http.StatusUnauthorized, "帳號或密碼錯誤")(w, r)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "sit", Value: "member", Path: "/", HttpOnly: true, MaxAge: 86400})
	w.Header().Set("Location", "/sit-club")
	w.WriteHeader(http.StatusSeeOther)
}

// sitClub shows the member's page to whoever has logged in, and sends everybody else to the login.
func (s *Site) sitClub(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie("sit"); err != nil || c.Value != "member" {
		to("/sit-login")(w, r)
		return
	}
	r.URL.Path = "/sit-member"
	s.static(w, r)
}

// sitLeak says back whatever it was told, as HTML and as JSON.
func sitLeak(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLogged))
	if err != nil {
		return
	}
	all := fmt.Sprint(r.URL.Query(), r.Header, string(body))
	quoted, err := json.Marshal(all)
	must(err)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("X-Echo", oneLine(r.URL.RawQuery))
	fmt.Fprintf(w, "<p>%s</p><script>const echo = %s;</script>\n", html.EscapeString(all), quoted)
}

// sitSocket says back the first message.
func sitSocket(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	kind, text, err := c.Read(r.Context())
	if err == nil {
		err = c.Write(r.Context(), kind, append([]byte("heard: "), text...))
	}
	if err == nil {
		_, _, _ = c.Read(r.Context()) // until the page leaves
	}
}

// sitBasic wants the member's name and password by the browser's own dialog (RFC 7617).
func sitBasic(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	if user != SitUser || password != SitPassword {
		w.Header().Set("WWW-Authenticate", `Basic realm="members"`)
		status(http.StatusUnauthorized, "需要登入")(w, r)
		return
	}
	writePage(w, "已登入", "")
}
