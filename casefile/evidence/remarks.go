package evidence

import (
	"maps"
	"slices"
)

// What a recorder remarks. Each has its sentence below, its row in SCHEMA.md (Remarks) and its words in assets/data/faults.json.
const (
	LimitLoad           RemarkCode = "limit.time.load"
	LimitLoadOf         RemarkCode = "limit.time.load_of"
	LimitTime           RemarkCode = "limit.time"
	Unfinished          RemarkCode = "unfinished"
	LimitIdle           RemarkCode = "limit.idle"
	LimitHeight         RemarkCode = "limit.height"
	PictureEnds         RemarkCode = "picture.ends"
	LimitScrollable     RemarkCode = "limit.height.scrollable"
	LimitTraffic        RemarkCode = "limit.bytes"
	LimitBodies         RemarkCode = "limit.bytes.bodies"
	BodyOverAll         RemarkCode = "body.over_all"
	LimitHeldBytes      RemarkCode = "limit.bytes.held"
	LimitDownload       RemarkCode = "limit.body.download"
	LimitBody           RemarkCode = "limit.body"
	BodyTooLong         RemarkCode = "body.too_long"
	LimitExchanges      RemarkCode = "limit.exchanges"
	ExchangesLeftOut    RemarkCode = "exchanges.left_out"
	LimitRedirects      RemarkCode = "limit.redirects"
	LimitMemory         RemarkCode = "limit.memory"
	StoppedForMemory    RemarkCode = "scripts.memory"
	LimitDialogs        RemarkCode = "limit.dialogs"
	StoppedForDialogs   RemarkCode = "scripts.dialogs"
	LimitOpenWindows    RemarkCode = "limit.windows.open"
	LimitWindows        RemarkCode = "limit.windows"
	LimitSocket         RemarkCode = "limit.socket"
	LimitShadowRoots    RemarkCode = "limit.shadow_roots"
	LimitExpand         RemarkCode = "limit.expand"
	NotOpened           RemarkCode = "expand.more"
	LimitConsole        RemarkCode = "limit.console"
	LimitNetLog         RemarkCode = "limit.netlog"
	LimitMessage        RemarkCode = "limit.message"
	LimitWords          RemarkCode = "limit.words"
	MediaNotPlayed      RemarkCode = "media.not_played"
	RequestBodyTooLong  RemarkCode = "request_body.too_long"
	MediaFails          RemarkCode = "media.fails"
	MediaProtected      RemarkCode = "media.protected"
	MediaLive           RemarkCode = "media.live"
	MediaCut            RemarkCode = "media.cut"
	Finished            RemarkCode = "finished"
	InterruptedBy       RemarkCode = "interrupted.by"
	Interrupted         RemarkCode = "interrupted"
	TextFieldsUnread    RemarkCode = "text.fields_unread"
	FieldsUnsure        RemarkCode = "copy.fields_unsure"
	FieldsNotWritten    RemarkCode = "copy.fields_not_written"
	FrameOfAnother      RemarkCode = "frame.of_another"
	SheetsAdopted       RemarkCode = "copy.sheets_adopted"
	ShadowRootsUnread   RemarkCode = "shadow_roots.unread"
	TextPassed          RemarkCode = "text.passed"
	TextPrivateUse      RemarkCode = "text.private_use"
	TextDrawn           RemarkCode = "text.drawn"
	PageParked          RemarkCode = "page.parked"
	PageNoContent       RemarkCode = "page.no_content"
	PageFailed          RemarkCode = "page.failed"
	Scrolling           RemarkCode = "scroll.failed"
	WindowNoSize        RemarkCode = "window.no_size"
	PageCutBelow        RemarkCode = "page.cut_below"
	ScrollableStuck     RemarkCode = "scrollable.stuck"
	PageStyleStill      RemarkCode = "page.style_still"
	DocumentNotShown    RemarkCode = "document.not_shown"
	PageAskedAnew       RemarkCode = "page.asked_anew"
	PageLoadsAnew       RemarkCode = "page.loads_anew"
	PageCrashed         RemarkCode = "page.crashed"
	SomePageCrashed     RemarkCode = "page.some_crashed"
	AccountOnceHad      RemarkCode = "account.once_had"
	AccountNotSent      RemarkCode = "account.not_sent"
	AccountSent         RemarkCode = "account.sent"
	PasswordInExchange  RemarkCode = "password.in_exchange"
	ArtifactLeftOut     RemarkCode = "artifact.left_out"
	PasswordInArtifact  RemarkCode = "password.in_artifact"
	PasswordInMessages  RemarkCode = "password.in_messages"
	Unsearched          RemarkCode = "password.unsearched"
	LookUps             RemarkCode = "look_ups"
	ConnectionOpened    RemarkCode = "connection.opened"
	ResolverStops       RemarkCode = "resolver.stops"
	ResolversGiveOthers RemarkCode = "resolver.differs"
	ConsoleUntold       RemarkCode = "console.untold"
	ConsoleMayLack      RemarkCode = "console.may_lack"
	BrowserWentOn       RemarkCode = "browser.went_on"
	DocumentUnserved    RemarkCode = "document.unserved"
	AnswerEmpty         RemarkCode = "answer.empty"
	FrameStopped        RemarkCode = "frame.stopped"
	FrameDeaf           RemarkCode = "frame.deaf"
	ListLimit           RemarkCode = "list.limit"
	ListTruncated       RemarkCode = "list.truncated"
	ListBroken          RemarkCode = "list.broken"
	ListMany            RemarkCode = "list.many"
	NotMade             RemarkCode = "artifact.not_made"
	WorkerNotRun        RemarkCode = "worker.not_run"
	RedirectNotFollowed RemarkCode = "redirect.not_followed"
	StreamOpen          RemarkCode = "stream.open"
	IconFailed          RemarkCode = "icon.failed"
	PDFUnread           RemarkCode = "pdf.unread"
	AnsweredLate        RemarkCode = "answer.late"
	BodyNoBytes         RemarkCode = "body.no_bytes"
	DownloadFailed      RemarkCode = "download.failed"
	DownloadNoRequest   RemarkCode = "download.no_request"
	DownloadNotAsked    RemarkCode = "download.not_asked"
	RequestBodyUnread   RemarkCode = "request_body.unread"
	SocketNoAnswer      RemarkCode = "socket.no_answer"
	CertificatesUnread  RemarkCode = "certificate.unread"
	CertificateWrong    RemarkCode = "certificate.wrong"
	ArchiveFailed       RemarkCode = "archive.failed"
	BeaconUnanswered    RemarkCode = "beacon.unanswered"
	BodyCoded           RemarkCode = "body.coded"
	WireUnread          RemarkCode = "wire.unread"
	BodyNotGiven        RemarkCode = "body.not_given"
	BrokeOff            RemarkCode = "body.broke_off"
	BodyCutByBrowser    RemarkCode = "body.cut"
	BodyNoRoom          RemarkCode = "body.no_room"
	BodyNotKept         RemarkCode = "body.not_kept"
	StillOpen           RemarkCode = "still_open"
	PasswordShown       RemarkCode = "password.shown"
	StillOpenNext       RemarkCode = "still_open.next"
	DocumentBefore      RemarkCode = "document.before"
	PasswordNotSought   RemarkCode = "password.not_sought"
	PasswordCovered     RemarkCode = "password.covered"
	Uncovering          RemarkCode = "password.uncovering"
	ActsLeftOut         RemarkCode = "acts.left_out"
	EventUnread         RemarkCode = "event.unread"
	PrintUnseen         RemarkCode = "print.unseen"
	PrintLeavesOut      RemarkCode = "print.leaves_out"
	PrintAdds           RemarkCode = "print.adds"
	PrintCut            RemarkCode = "print.cut"
	PrintEndsWithWindow RemarkCode = "print.ends_with_window"
	PictureOneColour    RemarkCode = "picture.one_colour"
	QRCodes             RemarkCode = "qr_codes"
	TextCutOff          RemarkCode = "text.cut_off"
	WindowCovered       RemarkCode = "window.covered"
	PrintCovered        RemarkCode = "print.covered"
	PrintFirstCovered   RemarkCode = "print.first_covered"
	PictureBySections   RemarkCode = "picture.by_sections"
	PictureBlank        RemarkCode = "picture.blank"
	PictureNoSections   RemarkCode = "picture.no_sections"
	PageNoHeight        RemarkCode = "page.no_height"
	NothingToScroll     RemarkCode = "scroll.nothing"
	NotScrolled         RemarkCode = "scrollable.not_scrolled"
	StaysAt             RemarkCode = "scrollable.stays"
	ScrolledTo          RemarkCode = "scrollable.scrolled_to"
	BoxCut              RemarkCode = "picture.box_cut"
	BoxGrows            RemarkCode = "picture.box_grows"
	LeadsOn             RemarkCode = "wait.leads_on"
	NotAwaited          RemarkCode = "wait.failed"
	StillSo             RemarkCode = "wait.still_so"
	AnnouncedLater      RemarkCode = "wait.announced"
	NotAtRest           RemarkCode = "wait.not_at_rest"
	OfAnotherDocument   RemarkCode = "document.of_another"
	LedOnHeld           RemarkCode = "document.held_back"
	More                RemarkCode = "more"
	NamedInCapture      RemarkCode = "more.named"
	WindowClosed        RemarkCode = "window.closed"
	PageHadCrashed      RemarkCode = "page.had_crashed"
	DialogOpen          RemarkCode = "dialog.open"
	TimeOver            RemarkCode = "time_over"
	BrowserGone         RemarkCode = "browser.gone"
)

// RemarkCodes lists every code of a remark, sorted.
var RemarkCodes = slices.Sorted(maps.Keys(sentences))

// sentences are those of the codes in English, with {name} for their places.
var sentences = map[RemarkCode]string{
	Raw:                 "{text}",
	LimitLoad:           "limit time: no load event within {t}",
	LimitLoadOf:         "limit time: no load event of {url} within {t}",
	LimitTime:           "limit time: ended after {t}",
	Unfinished:          "limit: not finished within {t}",
	LimitIdle:           "limit idle: the network was not quiet within {t}",
	LimitHeight:         "limit height: the page is {n} pixels high, the picture {m}",
	PictureEnds:         "limit: the page is {n} pixels high, the picture {m}",
	LimitScrollable:     "limit height: {name} goes on below {n} pixels",
	LimitTraffic:        "limit bytes: connections were cut after {n} bytes",
	LimitBodies:         "limit bytes: the bodies together are longer than {n} bytes",
	BodyOverAll:         "limit: all bodies together longer than {n} bytes",
	LimitHeldBytes:      "limit bytes: request bodies and answers together are longer than {n} bytes: capture more often",
	LimitDownload:       "limit body: download {url} is longer than {n} bytes",
	LimitBody:           "limit body: {url} is longer than {n} bytes",
	BodyTooLong:         "limit: longer than {n} bytes",
	LimitExchanges:      "limit exchanges: more than {n} since the last exhibit: capture more often",
	ExchangesLeftOut:    "limit: more than {n} since the last exhibit",
	LimitRedirects:      "limit redirects: more than {n}",
	LimitMemory:         "limit memory: the page's scripts were stopped at {n} bytes",
	StoppedForMemory:    "limit: scripts stopped for their memory",
	LimitDialogs:        "limit dialogs: the page's scripts were stopped after {n} dialogs",
	StoppedForDialogs:   "limit: scripts stopped for their dialogs",
	LimitOpenWindows:    "limit windows: more than {n} were open at the same time",
	LimitWindows:        "limit windows: the page opened more than {n}",
	LimitSocket:         "limit socket: {url}: messages after the first {n} bytes are not kept",
	LimitShadowRoots:    "limit shadow roots: {n} of {m} were read",
	LimitExpand:         "limit expand: the page offers more than is opened of it, {n} parts at most",
	NotOpened:           "limit: it offers more after {t}",
	LimitConsole:        "limit console: the console has more lines than are kept",
	LimitNetLog:         "limit netlog: longer than {n} kB: its end is lost",
	LimitMessage:        "limit message: {what}: {why}",
	LimitWords:          "limit words: {url}: beside its text there are more than {n} MB of words",
	MediaNotPlayed:      "limit: {n} of {m} films and sounds were played",
	RequestBodyTooLong:  "limit: request body",
	MediaFails:          "{name} does not play: {why}",
	MediaProtected:      "protected against copying (DRM)",
	MediaLive:           "a live stream: {n} seconds of it were recorded",
	MediaCut:            "{n} of {m} seconds had come",
	Finished:            "finished at once on the operator's word",
	InterruptedBy:       "interrupted before the end: {why}",
	Interrupted:         "interrupted before the end",
	TextFieldsUnread:    "text: what stands in fields and what style sheets write could not be read ({why})",
	FieldsUnsure:        "{name}: of {n} fields what stands in them could not be written into it; it stands in {file}",
	FieldsNotWritten:    "{name}: what stands in fields was not written into it: {why}",
	FrameOfAnother:      "{url} stands in a frame of another site: the browser may leave it out of the picture; its words are in text.txt",
	SheetsAdopted:       "{n} style sheets stand in no document, for scripts made them: {a} and {b} lack them and may look otherwise, so rely on the picture",
	ShadowRootsUnread:   "shadow roots: {why}",
	TextPassed:          "{n} lines of text were there only while the page was scrolled; they stand at the end of text.txt, and the picture may lack them",
	TextPrivateUse:      "text: {n} % of it are characters for private use: the page draws them with a font of its own, so text.txt is not what is seen",
	TextDrawn:           "text: {n} % of the window is drawn (canvas) and holds no text that can be read: rely on the picture",
	PageParked:          "the page looks like a parked or suspended name ({sign}), not like a site of its own",
	PageNoContent:       "{url}: the server answered {n}, which has no content: whoever follows the address stays where he was",
	PageFailed:          "{url}: {why}",
	Scrolling:           "scrolling: {why}",
	WindowNoSize:        "the window has no size from outside",
	PageCutBelow:        "{n} of {m} pixels of the page lie below the window, and its style ({style}) lets no visitor come there",
	ScrollableStuck:     "{name} does not let itself be scrolled: it stays at {n} of {m} pixels",
	PageStyleStill:      "the page's style ({style}) lets no visitor scroll: below the first {n} pixels stands what only this tool has scrolled to",
	DocumentNotShown:    "the browser shows nothing of the document: {why}",
	PageAskedAnew:       "the page asked for itself anew while it was taken, which was held back: everything is of the document that came at {at}",
	PageLoadsAnew:       "the page loads itself anew after {t}: what was taken is the document that came at {at}",
	PageCrashed:         "the page's process has crashed",
	SomePageCrashed:     "the process of a page has crashed",
	AccountOnceHad:      "the address once had a password, which is kept nowhere: the page was asked for without it",
	AccountNotSent:      "the address was given with user name and password; no server asked for them, so they were not sent, and the password is not kept",
	AccountSent:         "the address was given with user name and password, which were sent to the server after it had asked for them; the password is not kept: in the address it stands as {mask}, and in the Authorization headers of this exhibit as {removed}",
	PasswordInExchange:  "{url}: a typed password was taken out of this exchange in {n} places; for the rest it is as it was",
	ArtifactLeftOut:     "{name}: left out, because it {why}",
	PasswordInArtifact:  "{name}: a typed password was taken out in {n} places",
	PasswordInMessages:  "{url}: a typed password was taken out of its messages in {n} places",
	Unsearched:          "could not be searched for typed passwords",
	LookUps:             "look-ups: {why}",
	ConnectionOpened:    "{url}: the connection was opened in between ({who}); the certificate is not the site's own",
	ResolverStops:       "the office's resolver has stopped {name}, the one outside has not: what the office sees is not the site",
	ResolversGiveOthers: "the office's resolver and the one outside give other addresses for {name}",
	ConsoleUntold:       "the page did not tell all of its console in time",
	ConsoleMayLack:      "Chrome keeps the last 1,000 lines of a console, or some megabytes; there may have been more before those that are here",
	BrowserWentOn:       "{url} was not asked: the browser itself went on to {to} ({how})",
	DocumentUnserved:    "the document in the window ({url}) came with no answer of a server; the last that did is {last}, in the archive",
	AnswerEmpty:         "the answer has no body",
	FrameStopped:        "limit: its scripts did not end, and were stopped",
	FrameDeaf:           "it gives no answer, and was not looked at",
	ListLimit:           "only its beginning was read, to line {n}: it is longer than what is taken",
	ListTruncated:       "it ends in the middle of line {n}",
	ListBroken:          "it cannot be read on from line {n}",
	ListMany:            "only its beginning was read, to line {n}: it holds more than is taken from one file",
	NotMade:             "not made",
	WorkerNotRun:        "a worker that the browser does not run behind such a certificate",
	RedirectNotFollowed: "where a redirect leads that was not followed: nothing was asked",
	StreamOpen:          "{url}: a stream that was still open",
	IconFailed:          "{url}: the browser's own request for the icon of its tab: {why}",
	PDFUnread:           "{url} is a PDF: its words are not in text.txt, and {shown}; its own bytes stand in the archive",
	AnsweredLate:        "{url} was answered whole only after the text had been read: text.txt may lack what the page made of it, and the picture too",
	BodyNoBytes:         "the browser gave none of its bytes",
	DownloadFailed:      "download: {why}",
	DownloadNoRequest:   "download that is not a request of its own",
	DownloadNotAsked:    "download that answers a {method}, which is not sent again",
	RequestBodyUnread:   "request body of {url}: {why}",
	SocketNoAnswer:      "no answer to the handshake",
	CertificatesUnread:  "certificates of {origin}: {why}",
	CertificateWrong:    "certificate of {origin}: {why}",
	ArchiveFailed:       "archive: {why}",
	BeaconUnanswered:    "sent while the page was being left: the browser told nothing of its answer",
	BodyCoded:           "{url}: {why}; its bytes are kept as they came",
	WireUnread:          "{host}: what was on the wire could not be read ({why}); headers and addresses are as the browser tells them",
	BodyNotGiven:        "body not given by the browser: {why}",
	BrokeOff:            "broke off",
	BodyCutByBrowser:    "the browser went on before all of it had come",
	BodyNoRoom:          "limit: no room for its body",
	BodyNotKept:         "its body was not kept",
	StillOpen:           "still open when the capture ended",
	PasswordShown:       "the page shows a typed password, which a PDF would hold: hide it and capture again",
	StillOpenNext:       "still open; it is in the next exhibit of this sitting",
	DocumentBefore:      "the document came at {t}, before the last exhibit of this sitting; it stands in this archive again, and what it loaded then in that one",
	PasswordNotSought:   "a password of fewer than {n} characters, or of more than {m} bytes, was typed: it is not looked for, and may stand in what was sent",
	PasswordCovered:     "the page shows a typed password; it is covered in the pictures",
	Uncovering:          "uncovering: {why}",
	ActsLeftOut:         "more than {n} acts of the {who}: the rest is not listed",
	EventUnread:         "event {name} could not be read: {why}",
	PrintUnseen:         "{name}: whether the page's print style shows what its screen style shows could not be seen",
	PrintLeavesOut:      "{name}: the page's print style leaves out {n} lines that a visitor sees, the first {line}: they stand in {file} and text.txt",
	PrintAdds:           "{name}: the page's print style shows {n} lines that no visitor sees, the first {line}",
	PrintCut:            "{name}: the page is {n} pixels wide, of which it shows {m}: the rest stands in {file}",
	PrintEndsWithWindow: "{name} ends with the window: {box} is {n} pixels high, of which it shows {m} at most; the rest stands in {file}",
	PictureOneColour:    "the picture is of one colour from {a} to {b}",
	QRCodes:             "QR codes: {why}",
	TextCutOff:          "{n} characters of text.txt lie where the page's style lets no visitor come: it cuts them off",
	WindowCovered:       "{name} ({text}) lies over {n} % of the window: what it covers stands in text.txt, not in {file}",
	PrintCovered:        "{name}: what lies over the window is on every page of it: {why}",
	PrintFirstCovered:   "{name}: {layer} lies over its first page; a print as the page itself asks for would have it on every page",
	PictureBySections:   "{name} is taken section by section, since the page shows some of it only while it is in the window; what is fixed to the window stands in {file} alone, and {name2} shows what is in the window at the top of the page",
	PictureBlank:        "of one colour from {a} to {b}, where the document has {n} characters",
	PictureNoSections:   "some of the page shows only in the window, and it could not be taken section by section: {why}",
	PageNoHeight:        "the page has no height",
	NothingToScroll:     "there is no document to scroll",
	NotScrolled:         "limit: not scrolled, nor are {n} after it",
	StaysAt:             "it does not let itself be scrolled: it stays at {n} of {m} pixels",
	ScrolledTo:          "limit: to {n} of {m} pixels: {why}",
	BoxCut:              "limit: it is {n} pixels high, the picture shows {m}",
	BoxGrows:            "the picture shows only what stands in the window: it grows with the window; its words are in text.txt",
	LeadsOn:             "limit: one document leads to the next, {n} times",
	NotAwaited:          "what it is to become could not be waited for: {why}",
	StillSo:             "limit: it was still so after {t}",
	AnnouncedLater:      "announced after {t}, which was not awaited",
	NotAtRest:           "limit: fonts are {state} and {n} animations run after 2.5s",
	OfAnotherDocument:   "of another document: {url}, which came at {t}",
	LedOnHeld:           "the page led on to it while it was taken, which was held back",
	More:                "{n} more",
	NamedInCapture:      "named in capture.json",
	WindowClosed:        "the window had been closed",
	PageHadCrashed:      "the page's process had crashed",
	DialogOpen:          "a dialog was open",
	TimeOver:            "time limit of the capture",
	BrowserGone:         "connection to the browser ended",
}
