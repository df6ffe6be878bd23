fetch("/frame.json").then((r) => r.json()).then((data) => { document.getElementById("words").textContent = data.text; });
