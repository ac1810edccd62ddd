/* For cppcheck only, which does not see the library's headers: what its macros do. */
#pragma once

#define cJSON_ArrayForEach(item, list) for ((item) = (list)->child; (item); (item) = (item)->next)
