/** Standard input or output as an operand. */
export const standardStream = '-';
