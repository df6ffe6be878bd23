const helper = (t) => "helped " + t.length;
