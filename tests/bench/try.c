#include "tests/bench/race.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/log.h"
int main(int argc,char**argv){ if(getenv("DBG"))log_set_level(LOG_DEBUG);
 static const int q[]={1,10,30}; static const double r[]={50,1000,3500};
 int w=atoi(argv[1]); int seeds=atoi(argv[3]); int faults=argc>4?atoi(argv[4]):0; long outage=argc>5?atol(argv[5]):0;
 for(int s=1;s<=seeds;s++){ struct race race={.queries=q[w],.per_day=r[w],.strategy=(enum strategy)atoi(argv[2]),.seed=(unsigned)s,.faults=faults,.outage_s=outage};
  struct figures f=race_run(&race);
  printf("w%d %-12s seed %d  1h %.3f 24h %.4f shown %.4f med %.0f p90 %.0f searches %.1f (%.0f) units %.1f refused %.0f broken %.0f gaps %.0f lost %.0f catch %.2f\n",w,strategy_name(race.strategy),s,f.within_1h,f.within_24h,f.of_shown,f.median_s,f.p90_s,f.searches,f.searches_most,f.units,f.refused,f.broken,f.in_gaps,f.lost,f.catch_up); fflush(stdout);} }
