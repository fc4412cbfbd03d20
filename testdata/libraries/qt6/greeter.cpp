#include <QString>

QString greeting()
{
    return QStringLiteral("hello");
}
