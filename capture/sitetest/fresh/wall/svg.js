document.documentElement.dataset.ran = "1";
