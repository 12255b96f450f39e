/** What is done where a remote does not answer, until it does. */
export const WITHOUT_REMOTE = 'Results are computed, and not pushed';
export const WITHOUT_CLAIMS = 'Hosts may compute the same, each for itself';
