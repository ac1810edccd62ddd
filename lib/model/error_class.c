#include "model/error_class.h"

const char *error_class_name(enum error_class class)
{
	static const char *const names[CLASS_COUNT] = {
	    [CLASS_OK] = "ok",
	    [CLASS_QUOTA_SPENT] = "quota",
	    [CLASS_KEY_BAD] = "key",
	    [CLASS_TEMPORARY] = "temporary",
	    [CLASS_UNREACHED] = "unreached",
	    [CLASS_NEXT_KEY] = "refused",
	    [CLASS_FORBIDDEN] = "forbidden",
	    [CLASS_REQUEST] = "request",
	    [CLASS_GONE] = "gone",
	};

	return names[class];
}
