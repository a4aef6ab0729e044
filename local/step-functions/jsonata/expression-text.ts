/** A field's value that is evaluated: `{% … %}`, with nothing before and after. Any other text is a constant. */
export const expressionPattern = /^\{%[\s\S]*%\}$/;

/** What stands between `{%` and `%}`. */
export function expressionSource(field: string): string {
  return field.slice(2, -2).trim();
}
