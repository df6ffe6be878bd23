const part = "共用";
