/** A template that can't be compiled or fails while it renders: API Gateway answers 500. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What the client sent can't be read as the template needs it (a body that isn't JSON): API Gateway answers 400. */
export class TemplateInputError extends Error {
  override readonly name = 'TemplateInputError';
}
