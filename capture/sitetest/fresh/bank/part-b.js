document.documentElement.dataset.b = "1"; try { eval("1") } catch (e) { console.log(e.name) }
