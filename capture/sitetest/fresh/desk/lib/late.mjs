import { d } from "./d.mjs"; export const late = d + 1;
