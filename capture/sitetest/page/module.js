import { words } from "/module-part.js";
document.body.dataset.module = words;
