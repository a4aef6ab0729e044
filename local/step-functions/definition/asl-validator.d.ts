/** `asl-validator` comes without types of its own. */
declare module "asl-validator" {
  /** Changes the definition: it adds `QueryLanguage` to the states. */
  export default function validate(definition: unknown): {
    isValid: boolean;
    errors: { Message: string }[];
  };
}
