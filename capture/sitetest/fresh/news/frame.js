(function () {
  var at = new URLSearchParams(location.search), box = document.getElementById("box");
  for (var i = 1; i <= Number(at.get("pics")); i++) {
    var img = new Image(40, 30);
    img.src = "pic.jpg?" + at.get("name") + "." + i;
    box.appendChild(img);
  }
})();
