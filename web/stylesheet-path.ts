/** Where every page finds the stylesheet, on whichever host it stands. */
export const stylesheetPath = "/styles.css";
