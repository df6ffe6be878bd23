const aInner = 11;
