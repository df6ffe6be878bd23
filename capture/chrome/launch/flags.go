package launch

import (
	"os"
	"slices"
)

// flags is the whole command line but for the program. The sandbox is named where it is off; it is never off without being asked for.
func flags(o Options, profile, keys string) []string {
	list := []string{
		"no-startup-window", "no-first-run", "no-default-browser-check",
		"disable-background-networking", "disable-breakpad", "disable-client-side-phishing-detection", "disable-component-update",
		"disable-default-apps", "disable-domain-reliability", "disable-extensions", "disable-hang-monitor",
		"disable-quic", "disable-sync", "metrics-recording-only", "no-service-autorun", "use-mock-keychain", "password-store=basic",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
		"disable-features=HttpsUpgrades,HttpsFirstModeV2,HttpsFirstBalancedMode,HttpsFirstBalancedModeAutoEnable,HttpsFirstModeIncognito,WebUIOmniboxPopup,WebUIOmniboxAimPopup,Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AutofillServerCommunication,WebRtcHideLocalIpsWithMdns",
		"disable-blink-features=AutomationControlled", "force-color-profile=srgb",
		"force-webrtc-ip-handling-policy=disable_non_proxied_udp", "webrtc-ip-handling-policy=disable_non_proxied_udp",
		"lang=" + o.Visitor.Locale, "accept-lang=" + o.Visitor.Languages, "user-agent=" + o.Visitor.UserAgent,
		"crash-dumps-dir=" + profile, "proxy-server=" + o.Proxy, "proxy-bypass-list=<-loopback>", "host-resolver-rules=" + o.Hosts, "user-data-dir=" + profile,
		"ssl-key-log-file=" + keys,
	}
	if o.Visible {
		list = append(list, "disable-auto-reload")
	} else {
		list = append(list, "headless", "hide-scrollbars", "mute-audio", "disable-prompt-on-repost", "window-size=1920,1080")
	}
	if o.NoSandbox {
		list = append(list, "no-sandbox")
	}
	return append(list, pipeFlags...)
}

// commandLine writes the flags as the program reads them.
func commandLine(flags []string) []string {
	args := make([]string, len(flags))
	for i, f := range flags {
		args[i] = "--" + f
	}
	return args
}

// environment is all that the browser is told by variables: those that it needs, and those that make it the visitor's.
func environment(o Options, profile string) []string {
	names := environmentNames
	if o.Visible {
		names = slices.Concat(names, windowNames)
	}
	list := []string{
		"TZ=" + o.Visitor.TimeZone, "LANGUAGE=" + o.Visitor.Locale, "BREAKPAD_DUMP_LOCATION=" + profile,
		"GOOGLE_API_KEY=no", "GOOGLE_DEFAULT_CLIENT_ID=no", "GOOGLE_DEFAULT_CLIENT_SECRET=no",
	}
	beside := tempOf(profile)
	for _, name := range names {
		if name == "TMPDIR" && beside != "" {
			continue
		}
		if value, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+value)
		}
	}
	if beside != "" {
		list = append(list, "TMPDIR="+beside)
	}
	return list
}
