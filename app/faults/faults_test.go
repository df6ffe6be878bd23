package faults

import (
	"regexp"
	"strings"
	"testing"
)

// han finds Chinese; english finds a run of words that no table turned into Chinese.
var (
	han     = regexp.MustCompile(`\p{Han}`)
	english = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}`)
)

// TestTable reads the whole of the table: each code and sentence has words in both languages, and the places of one are those of the other.
func TestTable(t *testing.T) {
	all := load()
	if len(all.Codes) < 220 || len(all.Sentences) < 150 {
		t.Fatalf("%d codes and %d sentences", len(all.Codes), len(all.Sentences))
	}
	for c, w := range all.Codes {
		if !han.MatchString(w.ZH) || w.EN == "" || han.MatchString(w.EN) {
			t.Errorf("%s: %q, %q", c, w.ZH, w.EN)
		}
	}
	for _, s := range all.Sentences {
		for _, p := range s.places {
			if !strings.Contains(s.EN, "{"+p.name+"}") {
				t.Errorf("%q: no %s in English", s.Match, p.name)
			}
			if !strings.Contains(s.ZH, "{"+p.name+"}") && !meant[p.name] {
				t.Errorf("%q: no %s in Chinese", s.Match, p.name)
			}
		}
		if bare := placeIn.ReplaceAllString(s.ZH, ""); bare != "" && s.ZH != "{why}" && !han.MatchString(bare) && len(s.places) < 2 {
			t.Errorf("%q has no Chinese: %q", s.Match, s.ZH)
		}
	}
}

// meant are places that the Chinese words leave out: the network (tcp, udp) and this machine's own end of a connection.
var meant = map[string]bool{"net": true, "a": true}

// TestCodes says every code of Chrome's network stack that a page load, a name look-up or a certificate can end with.
func TestCodes(t *testing.T) {
	for _, c := range strings.Fields(codesOfChrome) {
		for _, raw := range []string{"net::ERR_" + c, "ERR_" + c} {
			zh, en := Say("zh-TW", raw), Say("en", raw)
			if !han.MatchString(zh) || strings.Contains(zh, "ERR_") || strings.Contains(en, "ERR_") || en == "" {
				t.Errorf("%s: %q, %q", raw, zh, en)
			}
		}
	}
	if zh := Say("zh-TW", "net::ERR_NEVER_HEARD_OF"); !strings.Contains(zh, "net::ERR_NEVER_HEARD_OF") || !han.MatchString(zh) {
		t.Errorf("a code of tomorrow: %q", zh)
	}
	if zh := Say("zh-TW", "net::ERR_SOCKS_CONNECTION_FAILED"); !strings.Contains(zh, "轉接所回報") {
		t.Errorf("the relay is not explained: %q", zh)
	}
}

const codesOfChrome = `FAILED ABORTED INVALID_ARGUMENT TIMED_OUT UNEXPECTED ACCESS_DENIED INSUFFICIENT_RESOURCES OUT_OF_MEMORY SOCKET_NOT_CONNECTED
	BLOCKED_BY_CLIENT NETWORK_CHANGED BLOCKED_BY_ADMINISTRATOR CONTEXT_SHUT_DOWN BLOCKED_BY_RESPONSE CLEARTEXT_NOT_PERMITTED BLOCKED_BY_CSP BLOCKED_BY_ORB
	BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS CONNECTION_CLOSED CONNECTION_RESET CONNECTION_REFUSED CONNECTION_ABORTED
	CONNECTION_FAILED NAME_NOT_RESOLVED INTERNET_DISCONNECTED SSL_PROTOCOL_ERROR ADDRESS_INVALID ADDRESS_UNREACHABLE SSL_CLIENT_AUTH_CERT_NEEDED
	TUNNEL_CONNECTION_FAILED SSL_VERSION_OR_CIPHER_MISMATCH PROXY_AUTH_UNSUPPORTED BAD_SSL_CLIENT_AUTH_CERT CONNECTION_TIMED_OUT SOCKS_CONNECTION_FAILED
	SOCKS_CONNECTION_HOST_UNREACHABLE ALPN_NEGOTIATION_FAILED PROXY_AUTH_REQUESTED PROXY_CONNECTION_FAILED NAME_RESOLUTION_FAILED NETWORK_ACCESS_DENIED
	TEMPORARILY_THROTTLED MSG_TOO_BIG WS_PROTOCOL_ERROR SSL_HANDSHAKE_NOT_COMPLETED SSL_BAD_PEER_PUBLIC_KEY SSL_PINNED_KEY_NOT_IN_CERT_CHAIN
	SSL_DECRYPT_ERROR_ALERT SSL_UNRECOGNIZED_NAME_ALERT ICANN_NAME_COLLISION SSL_SERVER_CERT_BAD_FORMAT SSL_OBSOLETE_CIPHER WS_UPGRADE NO_BUFFER_SPACE
	EARLY_DATA_REJECTED TLS13_DOWNGRADE_DETECTED SSL_KEY_USAGE_INCOMPATIBLE ECH_NOT_NEGOTIATED ECH_FALLBACK_CERTIFICATE_INVALID CERT_COMMON_NAME_INVALID
	CERT_DATE_INVALID CERT_AUTHORITY_INVALID CERT_CONTAINS_ERRORS CERT_NO_REVOCATION_MECHANISM CERT_UNABLE_TO_CHECK_REVOCATION CERT_REVOKED CERT_INVALID
	CERT_WEAK_SIGNATURE_ALGORITHM CERT_NON_UNIQUE_NAME CERT_WEAK_KEY CERT_NAME_CONSTRAINT_VIOLATION CERT_VALIDITY_TOO_LONG
	CERTIFICATE_TRANSPARENCY_REQUIRED CERT_KNOWN_INTERCEPTION_BLOCKED INVALID_URL DISALLOWED_URL_SCHEME UNKNOWN_URL_SCHEME INVALID_REDIRECT
	TOO_MANY_REDIRECTS UNSAFE_REDIRECT UNSAFE_PORT INVALID_RESPONSE INVALID_CHUNKED_ENCODING METHOD_NOT_SUPPORTED UNEXPECTED_PROXY_AUTH EMPTY_RESPONSE
	RESPONSE_HEADERS_TOO_BIG REQUEST_RANGE_NOT_SATISFIABLE CONTENT_DECODING_FAILED NETWORK_IO_SUSPENDED HTTP2_PROTOCOL_ERROR INVALID_AUTH_CREDENTIALS
	RESPONSE_BODY_TOO_BIG_TO_DRAIN RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH INCOMPLETE_HTTP2_HEADERS RESPONSE_HEADERS_MULTIPLE_CONTENT_DISPOSITION
	RESPONSE_HEADERS_MULTIPLE_LOCATION HTTP2_SERVER_REFUSED_STREAM HTTP2_PING_FAILED CONTENT_LENGTH_MISMATCH INCOMPLETE_CHUNKED_ENCODING
	QUIC_PROTOCOL_ERROR RESPONSE_HEADERS_TRUNCATED QUIC_HANDSHAKE_FAILED HTTP2_INADEQUATE_TRANSPORT_SECURITY HTTP2_FLOW_CONTROL_ERROR
	HTTP2_FRAME_SIZE_ERROR HTTP2_COMPRESSION_ERROR HTTP_1_1_REQUIRED INVALID_HTTP_RESPONSE CONTENT_DECODING_INIT_FAILED HTTP2_STREAM_CLOSED
	TOO_MANY_RETRIES HTTP_RESPONSE_CODE_FAILURE CACHE_MISS CACHE_READ_FAILURE INSECURE_RESPONSE DNS_MALFORMED_RESPONSE DNS_SERVER_FAILED DNS_TIMED_OUT
	DNS_NAME_HTTPS_ONLY DNS_REFUSED DNS_OTHER_FAILURE`

// TestSentences says what Go, the browser and the recorder really say, nested as they nest it.
func TestSentences(t *testing.T) {
	for raw, want := range map[string]string{
		"x509: certificate signed by unknown authority": "憑證並非由受信任之機構簽發",
		"certificate of https://a.example: not accepted by the browser: valid only from 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z; x509: certificate is valid for b.example, not a.example; x509: certificate signed by unknown authority": "https://a.example 之憑證：瀏覽器不予信任：有效期間僅自 2026-01-01T00:00:00Z 至 2026-02-01T00:00:00Z；憑證所載名稱為 b.example，並非 a.example；憑證並非由受信任之機構簽發",
		"https://a.example/: net::ERR_NAME_NOT_RESOLVED":                                   "https://a.example/：查無此網域名稱",
		"https://a.example/: dial tcp 192.0.2.1:443: connect: connection refused":          "https://a.example/：連線至 192.0.2.1:443：對方主機拒絕連線",
		"dial tcp 192.0.2.1:443: i/o timeout":                                              "連線至 192.0.2.1:443：逾時",
		"lookup a.example on 127.0.0.53:53: no such host":                                  "經 127.0.0.53:53 查詢 a.example：查無此名稱",
		"http://10.0.0.1/: 10.0.0.1:80: private or reserved address":                       "http://10.0.0.1/：10.0.0.1:80 為內部或保留位址，本工具之防護不予連線",
		"tls: failed to verify certificate: x509: certificate signed by unknown authority": "加密連線（TLS）：憑證驗證不符：憑證並非由受信任之機構簽發",
		"limit height: the page is 90000 pixels high, the picture 60000":                   "高度上限：網頁高 90000 像素，影像高 60000 像素",
		"x509: certificate is not valid for any names, but wanted to match a.example":      "憑證未載任何名稱，與 a.example 不符",
		"time server 127.0.0.1:123: read udp 127.0.0.1:4->127.0.0.1:123: i/o timeout":      "時間伺服器 127.0.0.1:123：自 127.0.0.1:123 讀取：逾時",
		"net::ERR_NAME_NOT_RESOLVED (lookup a.example: no such host)":                      "查無此網域名稱（查詢 a.example：查無此名稱）",
		"some sentence that nobody wrote down":                                             "some sentence that nobody wrote down",
		"":                                                                                 "",
	} {
		if got := Say("zh-TW", raw); got != want {
			t.Errorf("%q\nsaid %q\nwant %q", raw, got, want)
		}
	}
	raw := "https://a.example/: net::ERR_NAME_NOT_RESOLVED"
	if got, want := Say("en", raw), "https://a.example/: the name has no address"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestX509 says every form of error that crypto/x509 gives for a chain, and leaves no English in the Chinese.
func TestX509(t *testing.T) {
	for _, raw := range []string{
		"x509: certificate has expired or is not yet valid: current time 2026-11-28T00:00:00Z is after 2026-01-01T00:00:00Z",
		"x509: cannot validate certificate for 192.0.2.1 because it doesn't contain any IP SANs",
		"x509: certificate relies on legacy Common Name field, use SANs instead", "x509: certificate is not authorized to sign other certificates",
		"x509: issuer name does not match subject from issuing certificate", "x509: certificate specifies an incompatible key usage",
		"x509: too many intermediates for path length constraint", "x509: unhandled critical extension",
		"x509: issuer has name constraints but leaf doesn't have a SAN extension", "x509: no valid chains built",
	} {
		bare := regexp.MustCompile(`（[^）]*）`).ReplaceAllString(Say("zh-TW", raw), "")
		if !han.MatchString(bare) || english.MatchString(bare) {
			t.Errorf("%q is said %q", raw, bare)
		}
	}
}

// FuzzSay: whatever a page makes the recorder write, saying it ends, and words are never lost for nothing.
func FuzzSay(f *testing.F) {
	for _, seed := range []string{"", "a: b; c: d", strings.Repeat("a: ", 50), "certificate of : ", "net::ERR_", strings.Repeat("connect: ", 30) + "EOF"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if raw != "" && Say("zh-TW", raw) == "" || raw != "" && Say("en", raw) == "" {
			t.Errorf("%q became nothing", raw)
		}
	})
}
