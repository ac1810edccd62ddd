/* Runs a program and prints what it cost: microseconds of CPU and KiB of memory at most. A process of its own, because the kernel
 * counts the memory of the one that starts a program as the program's, and this one is small. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long long microseconds(const struct timeval *time)
{
	return (long long)time->tv_sec * 1000000 + time->tv_usec;
}

int main(int argc, char *argv[])
{
	struct rusage usage;
	int status;

	if (argc < 2) {
		fputs("usage: cost PROGRAM [ARGUMENT]...\n", stderr);
		return 2;
	}
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || getrusage(RUSAGE_CHILDREN, &usage) != 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0) {
		fprintf(stderr, "%s did not end well\n", argv[1]);
		return 1;
	}
	printf("\n%lld %ld\n", microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime), usage.ru_maxrss);
	return 0;
}
