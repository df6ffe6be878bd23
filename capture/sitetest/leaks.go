package sitetest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// leak is a way by which a browser might speak to the network beside its proxy. NAME stands for a name that only this way would have asked for, and
// ADDRESS for an address outside.
type leak struct {
	name   string
	header [2]string // of the answer
	body   string
}

// Leaks names the ways; the page of one is /leak/N/, that of all together /leak/all/.
func Leaks() (names []string) {
	for _, l := range leaks {
		names = append(names, l.name)
	}
	return names
}

// leakName is below which the names of all ways lie.
const leakName = "leak.example"

const peer = `const p = new RTCPeerConnection(%s); p.createDataChannel("x"); p.createOffer().then(o => p.setLocalDescription(o));`

func ice(servers string) string {
	return "<script>{" + fmt.Sprintf(peer, "{iceServers:["+servers+"]}") + "}</script>"
}

func try(code string) string { return "<script>try{" + code + "}catch(e){}</script>" }

var leaks = []leak{
	{name: "STUN by name", body: ice(`{urls:"stun:NAME:3478"}`)},
	{name: "STUN by address", body: ice(`{urls:["stun:ADDRESS:3478","stun:ADDRESS:19302"]}`)},
	{name: "TURN by name, UDP and TCP", body: ice(`{urls:["turn:NAME:3478","turn:tcp.NAME:3478?transport=tcp"],username:"u",credential:"c"}`)},
	{name: "TURN over TLS", body: ice(`{urls:"turns:NAME:5349?transport=tcp",username:"u",credential:"c"}`)},
	{name: "two peers of one page", body: try(`const a=new RTCPeerConnection(),b=new RTCPeerConnection();a.onicecandidate=e=>b.addIceCandidate(e.candidate);b.onicecandidate=e=>a.addIceCandidate(e.candidate);
		a.createDataChannel("x");a.createOffer().then(o=>a.setLocalDescription(o)).then(()=>b.setRemoteDescription(a.localDescription)).then(()=>b.createAnswer()).then(o=>b.setLocalDescription(o)).then(()=>a.setRemoteDescription(b.localDescription))`)},
	{name: "peers that the page names", body: try(`const a=new RTCPeerConnection(),b=new RTCPeerConnection();a.createDataChannel("x");a.createOffer().then(o=>a.setLocalDescription(o)).then(()=>b.setRemoteDescription(a.localDescription)).then(()=>{
		for(const h of ["NAME","8a5c1a26-8d4e-4d31-9d58-1c1f0a1b2c3d.local","ADDRESS"])b.addIceCandidate({candidate:"candidate:1 1 udp 2122260223 "+h+" 40000 typ host",sdpMid:"0"}).catch(()=>0)})`)},
	{name: "WebTransport", body: try(`new WebTransport("https://NAME/").ready.catch(()=>0);new WebTransport("https://ADDRESS:4433/").ready.catch(()=>0)`)},
	{name: "names asked for in advance", header: [2]string{"Link", "<https://header.NAME>; rel=dns-prefetch"}, body: `<meta http-equiv=x-dns-prefetch-control content=on><link rel=dns-prefetch href="//NAME"><a href="http://linked.NAME/">一</a>`},
	{name: "connections in advance", header: [2]string{"Link", "<https://header.NAME>; rel=preconnect"}, body: `<link rel=preconnect href="https://NAME"><link rel=preconnect crossorigin href="https://cross.NAME">`},
	{name: "pages in advance", body: `<script type=speculationrules>{"prefetch":[{"urls":["https://NAME/a"],"eagerness":"immediate"}],"prerender":[{"urls":["https://NAME/b"],"eagerness":"immediate"}]}</script>
		<link rel=prefetch href="https://prefetch.NAME/c"><link rel=prerender href="https://prerender.NAME/d">`},
	{name: "ping of a link", body: `<a id=ping href="#x" ping="https://NAME/ping">一</a><script>document.getElementById("ping").click()</script>`},
	{name: "reports of network errors", header: [2]string{"NEL", `{"report_to":"far","max_age":600,"success_fraction":1.0}`}, body: `<img src="/leak/none.png">`},
	{name: "reports to an endpoint", header: [2]string{"Reporting-Endpoints", `far="https://NAME/report"`}, body: try(`navigator.sendBeacon("https://beacon.NAME/b","x")`)},
	{name: "reports of a policy", header: [2]string{"Content-Security-Policy-Report-Only", "img-src 'none'; report-uri https://NAME/csp; report-to far"}, body: `<img src="/leak/none.png">`},
	{name: "speech that is recognised", body: try(`new webkitSpeechRecognition().start()`)},
	{name: "speech that is spoken", body: try(`speechSynthesis.getVoices();speechSynthesis.speak(new SpeechSynthesisUtterance("域"))`)},
	{name: "messages pushed", body: try(`navigator.serviceWorker.register("/leak/worker.js").then(r=>r.pushManager.subscribe({userVisibleOnly:true,applicationServerKey:"BNbxGYNMhEIi9zrneh7mqV4oUanjLUK3m-mYZBc62frMKrEoMk88r3Lk596T0ck9xlT-aok0fO1KXBLV4-XqxYM"})).catch(()=>0)`)},
	{name: "place of the visitor", body: try(`navigator.geolocation.getCurrentPosition(()=>0,()=>0)`)},
	{name: "spelling", body: `<textarea id=spell spellcheck=true lang=de autofocus>Rechtschreibprüfungg einess Satzess</textarea>` + try(`document.getElementById("spell").focus()`)},
	{name: "screens nearby", body: try(`const r=new PresentationRequest("https://NAME/");navigator.presentation.defaultRequest=r;r.getAvailability().catch(()=>0)`) +
		`<video id=film src="/leak/none.mp4"></video>` + try(`document.getElementById("film").remote.watchAvailability(()=>0).catch(()=>0)`)},
	{name: "payment", body: try(`new PaymentRequest([{supportedMethods:"https://NAME/pay"}],{total:{label:"x",amount:{currency:"TWD",value:"1"}}}).canMakePayment().catch(()=>0)`)},
	{name: "identity of others", body: try(`navigator.credentials.get({identity:{providers:[{configURL:"https://NAME/fedcm.json",clientId:"1"}]}}).catch(()=>0)`)},
	{name: "advertisements", body: `<img src="/leak/none.png" attributionsrc="https://NAME/attribution">` +
		try(`navigator.joinAdInterestGroup({owner:"https://NAME",name:"x",biddingLogicURL:"https://NAME/b.js"},600).catch(()=>0)`) + try(`document.browsingTopics().catch(()=>0)`)},
	{name: "program to install", body: `<link rel=manifest href="https://NAME/app.webmanifest"><a id=exe href="/leak/setup.exe" download>一</a><script>document.getElementById("exe").click()</script>`},
	{name: "other protocols", body: `<iframe src="ftp://NAME/x"></iframe><iframe src="rtsp://NAME/x"></iframe><iframe src="intent://NAME/#Intent;scheme=http;end"></iframe><img src="filesystem:http://NAME/x">`},
	{name: "names of the network at hand", body: `<img src="http://printer.local/x"><img src="http://wpad/wpad.dat"><img src="http://intranet/x">`},
	{name: "streams", body: try(`new WebSocket("wss://NAME/");new EventSource("https://stream.NAME/");new Worker(URL.createObjectURL(new Blob(["fetch('https://worker.NAME/').catch(()=>0);new WebSocket('ws://worker.NAME/')"])))`)},
}

// leakPages serves them.
func (s *Site) leakPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /leak/{n}/{$}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		switch {
		case r.PathValue("n") == "all":
			n = -1
		case err != nil || n < 0 || n >= len(leaks):
			http.NotFound(w, r)
			return
		}
		var body strings.Builder
		for i, l := range leaks {
			if n >= 0 && i != n {
				continue
			}
			fill := strings.NewReplacer("NAME", fmt.Sprintf("way-%d.%s", i, leakName), "ADDRESS", "198.51.100.9")
			body.WriteString(fill.Replace(l.body))
			if l.header[0] != "" {
				w.Header().Add(l.header[0], fill.Replace(l.header[1]))
			}
		}
		w.Header().Add("Report-To", `{"group":"far","max_age":600,"endpoints":[{"url":"https://reports.`+leakName+`/"}]}`)
		writePage(w, "瀏覽器對外連線", body.String())
	})
	mux.HandleFunc("GET /leak/setup.exe", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-msdownload")
		fmt.Fprint(w, "MZ is all that it has of a program")
	})
	mux.HandleFunc("GET /leak/worker.js", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", script) })
}
