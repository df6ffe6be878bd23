document.documentElement.dataset.a = "1";
