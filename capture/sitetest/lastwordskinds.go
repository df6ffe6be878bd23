package sitetest

import (
	"fmt"
	"strings"
)

// one is for kinds of which one page is enough.
var one = []int{1}

// lastKinds are the ways in which words come to a page last, or to a place where a recorder may not look.
var lastKinds = []lastKind{
	{name: "timer that is announced", numbers: []int{1, 4, 6, 8}, body: lastTimer},
	{name: "timer that is not announced", numbers: []int{1, 3, 4}, body: func(l lastPage) string {
		return fmt.Sprintf("%s<div id=a></div><script>setTimeout(()=>{%s},%d)</script>", lastSaying, l.put("a"), l.n*1000)
	}},
	{name: "timer on a long page", numbers: one, body: func(l lastPage) string {
		return fmt.Sprintf("<div id=a>公告</div>%s<script>setTimeout(()=>{%s},%d)</script>", paragraphs(30), l.put("a"), l.n*1000)
	}},
	{name: "count of seconds", numbers: []int{5, 9}, body: func(l lastPage) string {
		return fmt.Sprintf("<div id=a></div><script>let n=%d;const f=()=>{if(n<1){clearInterval(i);%s}else document.getElementById('a').textContent='還有 '+n--+' 秒後顯示收款帳號'};const i=setInterval(f,1000);f()</script>",
			l.n, l.put("a"))
	}},
	{name: "animation frames", numbers: []int{3}, body: func(l lastPage) string {
		return fmt.Sprintf("<div id=a>讀取中</div><script>const f=t=>{if(t<%d)return requestAnimationFrame(f);%s};requestAnimationFrame(f)</script>", l.n*1000, l.put("a"))
	}},
	{name: "meta refresh", numbers: []int{2, 6}, body: func(l lastPage) string {
		return fmt.Sprintf("<meta http-equiv=refresh content='%d;url=%slanded'><p>跳轉中", l.n, l.at)
	}},
	{name: "refresh header", numbers: []int{3}, body: func(lastPage) string { return "<p>跳轉中" }},
	{name: "answer that is slow", numbers: []int{3}, page: LastWords{Told: "only after the text had been read"}, body: func(l lastPage) string {
		return lastSaying + "<div id=a></div><script>fetch('slow.txt').then(r=>r.text()).then(t=>document.getElementById('a').innerHTML=t)</script>"
	}},
	{name: "frame", numbers: one, body: func(lastPage) string { return lastSaying + "<iframe width=900 height=200 src=frame></iframe>" }},
	{name: "frame of another site", numbers: one, body: func(l lastPage) string {
		return lastSaying + "<iframe width=900 height=200 src=" + l.cross + "frame></iframe>"
	}},
	{name: "frame in a frame", numbers: one, page: LastWords{Told: "stands in a frame of another site"}, body: func(l lastPage) string {
		return lastSaying + "<iframe width=1000 height=320 src=" + l.cross + "nested></iframe>"
	}},
	{name: "frame that is late", numbers: one, body: func(l lastPage) string {
		return "<iframe width=900 height=200 src=" + l.cross + "late-frame></iframe>"
	}},
	{name: "srcdoc", numbers: one, body: func(l lastPage) string {
		return lastSaying + `<iframe width=900 height=200 srcdoc="` + lastStyle + l.words() + `"></iframe>`
	}},
	{name: "frameset", numbers: one, body: func(lastPage) string {
		return "<frameset rows='50%,50%'><frame src=empty><frame src=frame></frameset>"
	}},
	{name: "field", numbers: []int{0, 1, 2, 3, 4}, body: lastField},
	{name: "generated text", numbers: []int{0, 1, 2, 3}, body: lastGenerated},
	{name: "drawing in the page", numbers: one, body: func(l lastPage) string {
		return lastSaying + "<br><svg width=800 height=120><text x=10 y=50 font-size=36 font-family='Liberation Sans,Arial'>" + l.Account + "</text><text x=10 y=100 font-size=24>" + l.Holder + "</text></svg>"
	}},
	{name: "document that is a drawing", numbers: one, body: func(l lastPage) string {
		return "<svg xmlns='http://www.w3.org/2000/svg' width='900' height='300'><rect width='900' height='300' fill='white'/><text x='20' y='100' font-size='36' font-family='Liberation Sans,Arial'>" +
			l.Account + "</text><text x='20' y='200' font-size='24'>" + l.Holder + "</text></svg>"
	}},
	{name: "drawn when it comes into view", numbers: one, body: func(l lastPage) string {
		return lastInView(l, "es.forEach(e=>{if(e.isIntersecting)e.target.classList.add('on')})")
	}},
	{name: "drawn while it is in view", numbers: one, body: func(l lastPage) string {
		return lastInView(l, "es.forEach(e=>e.target.classList.toggle('on',e.isIntersecting))")
	}},
	{name: "drawn as the page scrolls", numbers: one, body: func(l lastPage) string {
		return "<style>@keyframes in{from{opacity:0;transform:translateY(80px)}to{opacity:1;transform:none}}.r{animation:in linear both;animation-timeline:view();animation-range:entry 5% entry 60%}</style>" +
			paragraphs(40) + "<div class=r>" + l.words() + "</div>" + paragraphs(15)
	}},
	{name: "chat that grows upward", numbers: one, body: func(l lastPage) string {
		return "<style>body{margin:0}#c{height:100vh;overflow-y:auto;display:flex;flex-direction:column-reverse}.m{flex:none;height:90px}</style><div id=c>" +
			strings.Repeat("<div class=m>老師：今日有單</div>", 40) + "<div>" + l.words() + "</div></div>"
	}},
	{name: "chat that loads older words", numbers: one, body: lastOlder},
	{name: "list that keeps what is in the window", numbers: one, body: lastVirtual, page: LastWords{Told: "the picture may lack them"}},
	{name: "picture that comes with scrolling", numbers: one, page: LastWords{Drawn: true}, body: func(lastPage) string {
		return paragraphs(60) + "<img loading=lazy width=560 height=100 src=words.png>"
	}},
	{name: "page that is a canvas", numbers: one, page: LastWords{Drawn: true, Told: "canvas"}, body: func(l lastPage) string {
		return lastCanvas(l, 1200, 800)
	}},
	{name: "small canvas", numbers: one, page: LastWords{Drawn: true, Known: "on a canvas"}, body: func(l lastPage) string {
		return lastSaying + "<br>" + lastCanvas(l, 600, 100)
	}},
	{name: "dialog", numbers: one, body: func(l lastPage) string {
		return lastSaying + "<dialog id=d>" + l.words() + "</dialog><script>document.getElementById('d').showModal()</script>"
	}},
	{name: "folded part", numbers: one, body: func(l lastPage) string {
		return lastSaying + "<details><summary>收款方式</summary>" + l.words() + "</details>"
	}},
	{name: "font that is late", numbers: []int{2}, body: func(l lastPage) string {
		return lastSaying + "<style>@font-face{font-family:Late;src:url(slow.ttf);font-display:block}.w{font-family:Late}</style>" + l.words()
	}},
	{name: "end of a long page", numbers: one, body: func(l lastPage) string { return paragraphs(160) + l.words() }},
	{name: "right end of a box", numbers: one, page: LastWords{Known: "Of smaller boxes the picture shows"}, body: func(l lastPage) string {
		return lastSaying + "<div style='width:600px;overflow-x:auto;white-space:nowrap'><div style='width:3000px;height:160px;text-align:right'>" + l.words() + "</div></div>"
	}},
	{name: "bottom of a small box", numbers: one, page: LastWords{Known: "Of smaller boxes the picture shows"}, body: func(l lastPage) string {
		return lastSaying + "<div style='height:200px;overflow-y:auto'>" + paragraphs(20) + l.words() + "</div>"
	}},
	{name: "closed shadow root", numbers: one, body: func(l lastPage) string {
		return fmt.Sprintf("%s<div id=a></div><script>document.getElementById('a').attachShadow({mode:'closed'}).innerHTML=%q</script>", lastSaying, lastStyle+l.words())
	}},
	{name: "transition", numbers: []int{2}, body: func(l lastPage) string {
		return fmt.Sprintf("%s<style>#a{opacity:0;transition:opacity %ds 500ms}#a.on{opacity:1}</style><div id=a>%s</div><script>requestAnimationFrame(()=>document.getElementById('a').classList.add('on'))</script>",
			lastSaying, l.n, l.words())
	}},
}

// paragraphs fill a page.
func paragraphs(n int) string {
	return strings.Repeat(lastSaying, n)
}

// lastField has the words in a field: of each sort one.
func lastField(l lastPage) string {
	set := fmt.Sprintf("<p>%s<script>const f=document.querySelector('input,textarea,select');f.value=%q</script>", l.Holder, l.Account)
	return lastSaying + "<p>" + []string{
		"<input value=-->" + set, "<textarea>-</textarea>" + set, "<select><option>-<option>" + l.Account + "</select>" + set,
		"<input placeholder='" + l.Account + "'><p>" + l.Holder, "<input type=button value='" + l.Account + "'><p>" + l.Holder,
	}[l.n]
}

// lastGenerated has the words from a style sheet: of each sort one.
func lastGenerated(l lastPage) string {
	parts := strings.Split(l.Account, "-")
	return lastSaying + "<p>" + l.Holder + []string{
		"<style>#a{counter-reset:x " + parts[1] + " y " + parts[2] + "}#a::after{content:'ACCT-' counter(x) '-' counter(y)}</style><p id=a class=w>",
		"<style>#a::before{content:'" + l.Account + "'}</style><p id=a class=w>",
		"<style>#a::after{content:attr(data-a)}</style><p id=a class=w data-a='" + l.Account + "'>",
		"<style>#a{margin-left:500px;list-style-type:'" + l.Account + "  '}</style><ul><li id=a class=w>帳號</ul>",
	}[l.n]
}

// lastInView shows its words by what an observer does.
func lastInView(l lastPage, script string) string {
	return "<style>.r{opacity:0}.r.on{opacity:1}</style>" + paragraphs(40) + "<div class=r>" + l.words() + "</div>" + paragraphs(15) +
		"<script>const o=new IntersectionObserver(es=>{" + script + "});document.querySelectorAll('.r').forEach(e=>o.observe(e))</script>"
}

// lastOlder is a chat whose first words are loaded last.
func lastOlder(l lastPage) string {
	return fmt.Sprintf(`<style>body{margin:0}#c{height:100vh;overflow-y:auto}.m{height:90px}</style><div id=c></div><script>
const c=document.getElementById('c'),line=i=>'<div class=m>訊息 '+i+'</div>';let low=40;
const more=()=>{const was=c.scrollHeight;let s='';for(let i=low-9;i<=low;i++)s+=line(i);low-=10;if(low<1)s=%q+s;c.insertAdjacentHTML('afterbegin',s);c.scrollTop+=c.scrollHeight-was};
more();more();c.scrollTop=c.scrollHeight;let busy=false;
c.addEventListener('scroll',()=>{if(c.scrollTop>60||low<1||busy)return;busy=true;fetch('frame').then(()=>{more();busy=false})})</script>`, l.words())
}

// lastVirtual keeps only those lines of a list that are in the window; the words are the last.
func lastVirtual(l lastPage) string {
	return fmt.Sprintf(`<style>#l{position:relative;height:9000px}#l div{position:absolute;height:90px;left:0}</style><div id=l></div><script>
const l=document.getElementById('l'),draw=()=>{l.textContent='';const from=Math.max(0,Math.floor(scrollY/90)-1);for(let i=from;i<Math.min(100,from+innerHeight/90+3);i++){const d=document.createElement('div');d.style.top=i*90+'px';d.innerHTML=i==99?%q:'第 '+i+' 筆紀錄';l.append(d)}};
addEventListener('scroll',draw);draw()</script>`, "<span class=w>"+l.Account+"</span> "+l.Holder)
}

// lastCanvas draws its words.
func lastCanvas(l lastPage, width, height int) string {
	return fmt.Sprintf("<canvas id=c width=%d height=%d></canvas><script>const g=document.getElementById('c').getContext('2d');g.fillStyle='#fff';g.fillRect(0,0,2000,2000);g.fillStyle='#000';g.font='40px Liberation Sans,Arial';g.fillText(%q,30,70)</script>",
		width, height, l.Account)
}
