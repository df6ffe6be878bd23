export const words = "模組已載入";
