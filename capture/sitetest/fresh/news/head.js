window.began = true;
