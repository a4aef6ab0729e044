export const kept = ["the table"];
