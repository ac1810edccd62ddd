/*
 * Libraries that are loaded when they are first needed: those that bring many others along, in programs that seldom need them.
 *
 *	#define FUNCTIONS(F) F(xmlNewTextWriter) F(xmlFreeTextWriter)
 *	static struct {
 *		FUNCTIONS(LAZY_MEMBER)
 *	} lib;
 *	static const char *const names[] = {FUNCTIONS(LAZY_NAME) NULL};
 *
 *	lazy_load("libxml2.so.2", names, &lib) and then lib.xmlNewTextWriter(…)
 */
#pragma once

#include <stdbool.h>

/* A pointer to a function as its header declares it. */
#define LAZY_MEMBER(function) __typeof__(function) *function;
#define LAZY_NAME(function) #function,

/* Loads LIBRARY for good, and puts the addresses of the functions NAMES (ended by NULL) into FUNCTIONS, one after the other.
 * False when the library or one of them is missing. */
bool lazy_load(const char *library, const char *const names[], void *functions);
