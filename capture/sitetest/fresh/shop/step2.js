window.step2 = true;
