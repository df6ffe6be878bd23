function report(where) {
  const n = navigator;
  const data = {
    where, userAgent: n.userAgent, languages: n.languages, language: n.language, platform: n.platform, webdriver: n.webdriver ?? null,
    brands: n.userAgentData ? n.userAgentData.brands.map((b) => b.brand + "/" + b.version) : null,
    mobile: n.userAgentData ? n.userAgentData.mobile : null,
    hintPlatform: n.userAgentData ? n.userAgentData.platform : null,
    touch: n.maxTouchPoints ?? null, zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    screen: self.screen ? [screen.width, screen.height] : null, inner: self.innerWidth ? [innerWidth, innerHeight] : null,
    ratio: self.devicePixelRatio ?? null, plugins: n.plugins ? n.plugins.length : null, chrome: typeof self.chrome,
    referrer: self.document ? document.referrer : null, cores: n.hardwareConcurrency,
  };
  return fetch("/visitor/report", { method: "POST", body: JSON.stringify(data) });
}
