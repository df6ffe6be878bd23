package sitetest

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding/traditionalchinese"
)

// DownloadNames are file names as a hostile page sends them; each is asked for as /download?n=INDEX.
var DownloadNames = []string{
	"app-release.apk", "../../../../tmp/evil.apk", `..\..\..\Windows\evil.exe`, "/etc/cron.d/evil", "CON", "nul.txt",
	"gpj.\u202eapk", "名單.xlsx", "a\x00b.apk", "line\nbreak.apk", strings.Repeat("長", 300) + ".apk", "", ".", "..", "~/.bashrc", "a:b.apk", "trailing. ",
}

// DownloadBody is what every download holds: the beginning of a ZIP, as an Android package has it.
var DownloadBody = append([]byte("PK\x03\x04"), bytes.Repeat([]byte(marker+"\n"), 200)...)

func download(w http.ResponseWriter, r *http.Request) {
	name := DownloadNames[number(r, "n", 0)%len(DownloadNames)]
	w.Header().Set("Content-Type", "application/vnd.android.package-archive")
	w.Header()["Content-Disposition"] = []string{fmt.Sprintf("attachment; filename=\"%s\"", oneLine(name))}
	_, _ = w.Write(DownloadBody)
}

// oneLine keeps what HTTP cannot carry out of a header: line ends and NUL.
func oneLine(s string) string {
	return strings.NewReplacer("\n", "%0A", "\r", "%0D", "\x00", "%00").Replace(s)
}

func downloads(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	for i := range DownloadNames {
		fmt.Fprintf(&b, `<iframe src="/download?n=%d"></iframe>`, i)
	}
	writePage(w, "下載", b.String())
}

// sent is a file that hangs on what was sent; its header is not quoted as it should be. "guessed" has none: its type is for the browser to guess.
func sent(w http.ResponseWriter, r *http.Request) {
	w.Header()["Content-Type"] = nil
	if r.PathValue("what") != "guessed" {
		w.Header().Set("Content-Disposition", "attachment; filename=對帳單 2026 年.csv")
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	}
	fmt.Fprintf(w, "\x00\x01%s %s\n", r.Method, r.FormValue("account"))
}

const megabyte = 1 << 20

// bomb is one gzip member of zeros whose deflate stream is one block repeated: a thousandth of what it unpacks to.
func bomb(w http.ResponseWriter, r *http.Request) {
	zeros := make([]byte, megabyte)
	var block bytes.Buffer
	z, err := flate.NewWriter(&block, flate.BestCompression)
	must(err)
	_, err = z.Write(zeros)
	must(err)
	must(z.Flush())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff})
	var sum, size uint32
	for range number(r, "mb", 1024) {
		if _, err := w.Write(block.Bytes()); err != nil {
			return
		}
		sum = crc32.Update(sum, crc32.IEEETable, zeros)
		size += megabyte
	}
	end := []byte{1, 0, 0, 0xff, 0xff} // an empty last block
	_, _ = w.Write(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(end, sum), size))
}

func huge(w http.ResponseWriter, r *http.Request) {
	line := bytes.Repeat([]byte("保證獲利 "), megabyte/13)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for range number(r, "mb", 200) {
		if _, err := w.Write(line); err != nil {
			return
		}
	}
}

func (s *Site) endless(w http.ResponseWriter, r *http.Request) {
	writePage(w, "沒有結尾", "")
	flusher := http.NewResponseController(w)
	for i := 0; s.wait(r, 50*time.Millisecond); i++ {
		if _, err := fmt.Fprintf(w, "<p>第 %d 段</p>\n", i); err != nil || flusher.Flush() != nil {
			return
		}
	}
}

// events says three things and stays open.
func (s *Site) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for i := range 3 {
		fmt.Fprintf(w, "data: 事件%d\n\n", i+1)
	}
	_ = http.NewResponseController(w).Flush()
	s.wait(r, time.Hour)
}

// tall is a page of the height that is asked for, in CSS pixels, in bands of 500 with their number.
func tall(w http.ResponseWriter, r *http.Request) {
	const band = 500
	var b strings.Builder
	b.WriteString("<style>*{margin:0;padding:0}h1,p{height:0;overflow:hidden}div{font:40px sans-serif}</style>")
	px := number(r, "px", 20_000)
	for i := 0; i*band < px; i++ {
		fmt.Fprintf(&b, "<div style=\"height:%dpx;background:hsl(%d,70%%,80%%)\">%d</div>", min(band, px-i*band), i*37%360, i)
	}
	writePage(w, "長頁", b.String())
}

func reset(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	cut(w, []byte("<!doctype html><title>斷線</title><p>"+strings.Repeat("斷在中間 ", 2000)))
}

// legacy is a page in Big5.
func legacy(mime string) http.HandlerFunc {
	text := "<!doctype html><html lang=\"zh-Hant-TW\"><meta charset=\"big5\"><title>大五碼</title><p>許功蓋：保證獲利，入金帳號。</p></html>\n"
	body, err := traditionalchinese.Big5.NewEncoder().String(text)
	must(err)
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mime)
		fmt.Fprint(w, body)
	}
}

// CameraPart is each of the pictures of /camera/ended, of which there are three.
var CameraPart = "--frame\r\nContent-Type: image/png\r\n\r\n" + string(pngBody("camera")) + "\r\n"

// camera gives pictures of which each takes the place of the one before (multipart/x-mixed-replace).
func (s *Site) camera(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "multipart/x-mixed-replace; boundary=frame")
	for range 3 {
		fmt.Fprint(w, CameraPart)
		if http.NewResponseController(w).Flush() != nil || !s.wait(r, 200*time.Millisecond) {
			return
		}
	}
	if r.URL.Path == "/camera/live" {
		s.wait(r, time.Hour)
	}
}
