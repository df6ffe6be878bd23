package known

import "testing"

func TestInvitation(t *testing.T) {
	for host, want := range map[string]string{"line.me": "line.me", "page.line.me": "line.me", "notline.me": "", "t.me": "t.me", "line.me.evil.example": "", "": ""} {
		if got := Invitation(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestParked(t *testing.T) {
	for text, want := range map[string]string{
		"VIP.example\nThis Domain Is For Sale!": "domain is for sale", "本網域可供出售": "網域可供出售", "保證獲利": "", "": "",
	} {
		if got := Parked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
