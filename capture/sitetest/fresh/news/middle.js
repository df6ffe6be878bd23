document.body.dataset.middle = document.images.length;
