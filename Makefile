# Yuzheng. Each target installs the Debian packages it lacks (as root or with sudo; otherwise it prints the line to type).
# One set of build flags everywhere: OpenGL's one big C file is then compiled once.

GO        ?= go
DEMO      ?= demo
BUILD     := build
WINDOWED  := -tags migrated_fynedo,no_emoji
HEADLESS  := -tags headless

BROWSER   := chromium fonts-noto-cjk fonts-cns11643-kai fonts-liberation
OPENGL    := gcc libc6-dev pkg-config libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
SCREEN    := xvfb xauth libgl1-mesa-dri openbox xdotool imagemagick
JUDGES    := iproute2 openssl libnss3-tools bind9 bind9-utils bind9-dnsutils unbound knot-resolver pdns-recursor qpdf poppler-utils unzip tesseract-ocr softhsm2 opensc
OFFICE    := libreoffice-writer-nogui pandoc
SCRIPT    := python3
NODE      := nodejs npm

.PHONY: demo test quick build check bench screenshot clean need-%

demo: need-BROWSER
	CGO_ENABLED=0 $(GO) build $(HEADLESS) -o $(BUILD)/yuzheng-cli .
	rm -rf $(DEMO)
	$(BUILD)/yuzheng-cli demo $(DEMO) $(SANDBOX)

# The package that takes longest begins first.
test: need-BROWSER need-OPENGL need-JUDGES need-SCREEN
	YUZHENG_NEED_BROWSER=1 LANG=en_US.UTF-8 $(GO) test $(WINDOWED) -timeout 25m ./capture/chrome ./...

# What needs neither a browser nor another program, and of package app the tests that read the tree.
quick:
	LANG=en_US.UTF-8 $(GO) test $(WINDOWED) -short $$($(GO) list $(WINDOWED) ./... | grep -v -e '/app$$' -e '/capture/chrome$$')
	LANG=en_US.UTF-8 $(GO) test $(WINDOWED) -short -run '^Test(House|Words|Ground|HeldBy|README|Contributing|Schema|ClosedLists|ShownInOnePlace|ExitCodes|SilentKinds)' ./app

build: need-OPENGL
	$(GO) build $(WINDOWED) -o $(BUILD)/yuzheng .
	CGO_ENABLED=0 $(GO) build $(HEADLESS) -o $(BUILD)/yuzheng-cli .
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 $(GO) build $(HEADLESS) -o $(BUILD)/yuzheng-cli.exe .

check:
	.ci/run

bench: need-BROWSER need-RESTIC
	.ci/bench

screenshot: need-BROWSER need-OPENGL need-SCREEN
	.ci/screenshot

clean:
	rm -rf $(BUILD) $(DEMO)

# As root Chrome's sandbox cannot start; only then, and said so, the demo runs without it.
SANDBOX := $(if $(filter 0,$(shell id -u)),--no-sandbox)
RESTIC  := restic

need-%:
	@lacking=$$(for p in $($*); do dpkg-query -W -f '$${db:Status-Status}\n' $$p 2>/dev/null | grep -qx installed || echo $$p; done); \
	[ -z "$$lacking" ] && exit 0; set -- $$lacking; \
	if [ $$(id -u) = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as=sudo; \
	else echo "please type: sudo apt-get install --no-install-recommends $$*" >&2; exit 1; fi; \
	echo "installing $$*"; $$as apt-get update -qq && \
	$$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$$@" >/dev/null
