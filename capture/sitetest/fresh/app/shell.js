window.shell = 1;
