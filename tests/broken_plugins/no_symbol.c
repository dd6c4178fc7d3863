/* A shared object that is no plugin. */
int forecastd_broken_no_symbol(void);
int forecastd_broken_no_symbol(void) { return 0; }
