package launch

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// preferences of a profile with windows: nothing of Chrome's own comes between the person and the page, and nothing of what is typed into the
// address bar is asked of a search engine before it is sent.
var preferences = map[string]any{
	"translate":                  map[string]any{"enabled": false},
	"search":                     map[string]any{"suggest_enabled": false},
	"net":                        map[string]any{"network_prediction_options": 2}, // never
	"credentials_enable_service": false,
	"autofill":                   map[string]any{"profile_enabled": false, "credit_card_enabled": false},
	"browser":                    map[string]any{"check_default_browser": false, "has_seen_welcome_page": true},
}

// furnish puts the preferences into a profile that no browser has used yet.
func furnish(profile string) error {
	text, err := json.Marshal(preferences)
	if err != nil {
		panic("launch: preferences that are no JSON: " + err.Error())
	}
	folder := filepath.Join(profile, "Default")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("browser profile: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "Preferences"), text, 0o600); err != nil {
		return fmt.Errorf("browser profile: %w", err)
	}
	return nil
}
