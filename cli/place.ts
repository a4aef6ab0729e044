/** The account and Region that a command looks at. */
export interface Place {
  accountId: string;
  region: string;
}
