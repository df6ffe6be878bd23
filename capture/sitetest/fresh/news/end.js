document.body.dataset.end = document.images.length;
