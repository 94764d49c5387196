/** Reached through helpers of the program's own tests, which are checked with the program. */
declare module "snowball-stemmers";
declare module "stopword";
