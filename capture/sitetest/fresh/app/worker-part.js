const part = "w";
